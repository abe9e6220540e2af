"""A table of the tests' own with a column of every type that can be sorted, under keys of several types."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import (
    REAL,
    BigInteger,
    Date,
    DateTime,
    Double,
    Float,
    Interval,
    Numeric,
    SmallInteger,
    String,
    Text,
    Time,
    Uuid,
    insert,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from dashboard.database.types import Money, UTCDateTime
from dashboard.listing.columns import Column
from dashboard.listing.state import Listing
from dashboard.listing.tuning import USUAL, Tuning

ROWS = 36


class Wood(Enum):
    """Whose values are no text."""

    OAK = 1
    ELM = 2


class Base(DeclarativeBase):
    """Tables that the migrations know nothing of."""


class Described:
    """A column of every type, each of which may be empty."""

    text: Mapped[str | None] = mapped_column(Text)
    small: Mapped[int | None] = mapped_column(SmallInteger)
    big: Mapped[int | None] = mapped_column(BigInteger)
    weight: Mapped[float | None] = mapped_column(Double)
    rough: Mapped[float | None] = mapped_column(REAL)
    short: Mapped[float | None] = mapped_column(Float(24))
    price: Mapped[Decimal | None] = mapped_column(Money)
    exact: Mapped[Decimal | None] = mapped_column(Numeric(20, 8))
    is_full: Mapped[bool | None]
    wood: Mapped[Wood | None]
    made: Mapped[datetime | None] = mapped_column(DateTime)
    shipped: Mapped[datetime | None] = mapped_column(UTCDateTime)
    day: Mapped[date | None] = mapped_column(Date)
    opens: Mapped[time | None] = mapped_column(Time)
    lasts: Mapped[timedelta | None] = mapped_column(Interval)
    token: Mapped[UUID | None] = mapped_column(Uuid)


COLUMNS = [*Described.__annotations__]


class TextPart(Described, Base):
    """Under a text with signs that addresses and markup give a meaning to."""

    __tablename__ = "text_parts"
    key: Mapped[str] = mapped_column(String(80), primary_key=True)


class UuidPart(Described, Base):
    """Under a UUID."""

    __tablename__ = "uuid_parts"
    key: Mapped[UUID] = mapped_column(Uuid, primary_key=True)


class SparsePart(Described, Base):
    """Under large integers that lie far apart, below and above zero."""

    __tablename__ = "sparse_parts"
    key: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)


KEYS: dict[type[Any], Any] = {
    TextPart: lambda n: f"a/b & <{n:03}> ü%+\"'",
    UuidPart: lambda n: UUID(int=(n * 7919) << 96 | n),
    SparsePart: lambda n: (n - 10) * 2**40,
}


def rows(model: type[Any]) -> list[dict[str, Any]]:
    """Rows with few values in each column, so that most tie, and with nothing in every third."""
    made = []
    for n in range(ROWS):
        few, row = n % 3, {"key": KEYS[model](n)}
        for place, name in enumerate(COLUMNS):
            few = (n + place) % 3
            row[name] = VALUES[name][few] if few < 2 else None
        made.append(row)
    return made


MOMENT = datetime(2026, 3, 1, 12, 30, 15, 65179)  # noqa: DTZ001 - a column without a zone
VALUES: dict[str, tuple[Any, Any]] = {
    "text": ("Oak", "Äpfel\n\u202e"),
    "small": (-3, 4),
    "big": (-(2**62), 2**62),
    "weight": (-0.1, 1e300),
    "rough": (-0.1, 0.7),
    "short": (-0.1, 0.7),
    "price": (Decimal("0.0001"), Decimal("9999999999.9999")),
    "exact": (Decimal("-0.12345678"), Decimal("123456789012.5")),
    "is_full": (False, True),
    "wood": (Wood.OAK, Wood.ELM),
    "made": (MOMENT, MOMENT + timedelta(microseconds=1)),
    "shipped": (MOMENT.replace(tzinfo=UTC), MOMENT.replace(tzinfo=UTC) + timedelta(microseconds=1)),
    "day": (date(1, 1, 1), date(9999, 12, 31)),
    "opens": (time(0, 0), time(23, 59, 59, 999999)),
    "lasts": (timedelta(days=-3, seconds=5), timedelta(days=400, microseconds=3)),
    "token": (UUID(int=1), UUID(int=2**128 - 1)),
}


def listing_of(model: type[Any], tuning: Tuning = USUAL) -> Listing:
    """A list of every column, by key."""
    columns = [Column(name, name, (getattr(model, name),)) for name in COLUMNS]
    key = Column("row_key", "Key", (model.key,))
    return Listing(key=model.key, title=model.text, sort="row_key", columns=[key, *columns], tuning=tuning)


@contextmanager
def filled(session: Session, model: type[Any]) -> Iterator[Sequence[dict[str, Any]]]:
    """The table with its rows, gone afterwards."""
    connection = session.connection()
    Base.metadata.create_all(connection, [model.__table__])
    made = rows(model)
    session.execute(insert(model), made)
    try:
        yield made
    finally:
        session.rollback()
