"""A kind of record over a foreign table: no decorator, no version, a collection, secrets."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    REAL,
    BigInteger,
    Column,
    DateTime,
    Double,
    ForeignKey,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm import registry as mapping

from dashboard.extensions import db
from dashboard.history.usual import usual_recorded
from dashboard.registry import Record, Recorded, registry
from dashboard.trash.kinds import Trashable
from dashboard.trash.reverting import RecordReverting

MAPPING = mapping()


class Size(Enum):
    """Whose values are no texts."""

    SMALL = 1
    LARGE = 2


class Colour(Enum):
    """Whose values are texts, but not its names."""

    RED = "red wine"
    BLUE = "sky"


LABELS = Table(
    "shop_labels",
    MAPPING.metadata,
    Column("shop_id", Uuid, ForeignKey("shops.id"), primary_key=True),
    Column("label_id", String(20), ForeignKey("labels.code"), primary_key=True),
)


@MAPPING.mapped
class Label:
    """A record that shops are linked to."""

    __tablename__ = "labels"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)


@MAPPING.mapped
class Shop:
    """A record with a column of every type that the ledger holds."""

    __tablename__ = "shops"

    id: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    name: Mapped[str] = mapped_column("shop_name", Text)
    code: Mapped[str | None] = mapped_column(String(20), unique=True)
    big: Mapped[int | None] = mapped_column(BigInteger)
    weight: Mapped[float | None] = mapped_column(Double)
    tiny: Mapped[float | None] = mapped_column(REAL)
    amount: Mapped[Decimal | None] = mapped_column(Numeric(14, 2))
    exact: Mapped[Decimal | None] = mapped_column(Numeric(14, 8))
    is_open: Mapped[bool | None]
    size: Mapped[Size | None]
    colour: Mapped[Colour | None]
    made: Mapped[datetime | None] = mapped_column(DateTime)
    seen: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    day: Mapped[date | None]
    opens: Mapped[time | None]
    lasts: Mapped[timedelta | None]
    token_id: Mapped[UUID | None]
    facts: Mapped[Any] = mapped_column(JSON, nullable=True)
    api_key: Mapped[str | None] = mapped_column(Text)
    picture: Mapped[bytes | None] = mapped_column(LargeBinary)
    inside_id: Mapped[UUID | None] = mapped_column(ForeignKey("shops.id"))

    labels: Mapped[set[Label]] = relationship(secondary=LABELS)


def a_kind(**options: Any) -> Record:
    """Shops as a kind of record."""
    usual = usual_recorded(Shop, not_secret=["token_id"])
    kept = Recorded({**usual.fields, "api_key": "API key", "labels": "Labels"}, not_secret=["token_id"])
    settled: dict[str, Any] = {
        "model": Shop,
        "title": Shop.name,
        "singular": "shop",
        "name": "Shops",
        "endpoint": "shops",
        "reverting": RecordReverting(Shop),
        "trash": Trashable(Shop, title="name"),
        "recorded": kept,
    }
    return Record(**{**settled, **options})


@contextmanager
def declared_shops(**options: Any) -> Iterator[Record]:
    """Shops as a kind of record of the current application, over tables of their own."""
    MAPPING.metadata.create_all(db.engine)
    record = a_kind(**options)
    registry().add(record)
    try:
        yield record
    finally:
        db.session.rollback()
        registry().remove(record.kind)
        MAPPING.metadata.drop_all(db.engine)
