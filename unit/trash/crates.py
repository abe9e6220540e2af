"""A kind of record of the tests' own: a column of every type, rows that hang on it, and nothing of ours."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from hypothesis import strategies as st
from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Date,
    DateTime,
    Double,
    ForeignKey,
    Integer,
    Interval,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    Text,
    Time,
    Uuid,
    select,
    text,
)
from sqlalchemy import Enum as EnumType
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.catalogue.reverting import CategoryReverting
from dashboard.database.types import Money, UTCDateTime
from dashboard.extensions import db
from dashboard.registry import Record, recorded, registry
from dashboard.trash.flows import of_records, put_back, take, trash_records
from dashboard.trash.kinds import Trashable
from dashboard.trash.models import Trashed


class Wood(Enum):
    """Whose values are not its names, and not text."""

    OAK = 1
    ELM = 2


class Base(DeclarativeBase):
    """Tables that the migrations know nothing of."""


@recorded(label="Label")
class Crate(Base):
    """A record with a column of every type, each of which may be empty."""

    __tablename__ = "crates"

    id: Mapped[int] = mapped_column(primary_key=True)
    label: Mapped[str] = mapped_column(Text)
    small: Mapped[int | None] = mapped_column(SmallInteger)
    big: Mapped[int | None] = mapped_column(BigInteger)
    weight: Mapped[float | None] = mapped_column(Double)
    amount: Mapped[Decimal | None] = mapped_column(Money)
    is_full: Mapped[bool | None]
    note: Mapped[str | None] = mapped_column(Text)
    wood: Mapped[Wood | None]
    size: Mapped[str | None] = mapped_column(EnumType("small", "large", native_enum=False))
    made: Mapped[datetime | None] = mapped_column(DateTime)
    shipped: Mapped[datetime | None] = mapped_column(UTCDateTime)
    day: Mapped[date | None] = mapped_column(Date)
    opens: Mapped[time | None] = mapped_column(Time)
    lasts: Mapped[timedelta | None] = mapped_column(Interval)
    token: Mapped[UUID | None] = mapped_column(Uuid)
    secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    facts: Mapped[Any] = mapped_column(JSON, nullable=True)
    inside_id: Mapped[int | None] = mapped_column(ForeignKey("crates.id"))


class Lot(Base):
    """A row that a crate owns."""

    __tablename__ = "crate_lots"

    id: Mapped[int] = mapped_column(primary_key=True)
    crate_id: Mapped[int] = mapped_column(ForeignKey("crates.id", ondelete="CASCADE"))
    seal: Mapped[bytes] = mapped_column(LargeBinary)


TAGS = Table(
    "crate_tags",
    Base.metadata,
    Column("crate_id", Integer, ForeignKey("crates.id"), primary_key=True),
    Column("tag", String(20), primary_key=True),
)


@contextmanager
def declared_crates() -> Iterator[Trashable]:
    """Crates as a kind of record that goes to the trash, over tables of their own."""
    Base.metadata.create_all(db.engine)
    owned = [Lot.__table__.c.crate_id, TAGS.c.crate_id]
    kind = Trashable(Crate, title="label", code="size", owned=owned)
    registry().add(
        Record(
            model=Crate,
            title=Crate.label,
            singular="crate",
            name="Crates",
            endpoint="crates",
            reverting=CategoryReverting(),  # nobody reverts a crate here
            trash=kind,
        )
    )
    try:
        yield kind
    finally:
        db.session.rollback()
        registry().remove("crates")
        Base.metadata.drop_all(db.engine)


def stored() -> list[tuple[Any, ...]]:
    """Every crate, lot and tag as the database has it, without what SQLAlchemy makes of it."""
    found: list[tuple[Any, ...]] = []
    for table, order in (("crates", "id"), ("crate_lots", "id"), ("crate_tags", "crate_id, tag")):
        cast = ", CAST(facts AS TEXT)" if table == "crates" else ""
        rows = db.session.connection().execute(text(f"SELECT *{cast} FROM {table} ORDER BY {order}"))
        found += [tuple(row) for row in rows]
    return found


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=40)
JSON_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=6,
)
MOMENTS = st.datetimes().map(lambda moment: moment.replace(fold=0))
CRATES = st.fixed_dictionaries(
    {
        "label": TEXTS,
        "small": st.none() | st.integers(-(2**15), 2**15 - 1),
        "big": st.none() | st.integers(-(2**63), 2**63 - 1),
        "weight": st.none() | st.floats(allow_nan=False),
        "amount": st.none() | st.decimals("-9999999999.9999", "9999999999.9999", places=4),
        "is_full": st.none() | st.booleans(),
        "note": st.none() | TEXTS,
        "wood": st.none() | st.sampled_from(Wood),
        "size": st.sampled_from([None, "small", "large"]),
        "made": st.none() | MOMENTS,
        "shipped": st.none() | MOMENTS.map(lambda moment: moment.replace(tzinfo=UTC)),
        "day": st.none() | st.dates(),
        "opens": st.none() | st.times(),
        "lasts": st.none() | st.timedeltas(timedelta(days=-9000), timedelta(days=9000)),
        "token": st.none() | st.uuids(),
        "secret": st.none() | st.binary(max_size=60),
        "facts": st.just(JSON.NULL) | JSON_VALUES.filter(lambda value: value is not None),
    }
)


def there_and_back(kind: Trashable, *keys: int) -> None:
    """Delete records and restore them."""
    assert trash_records(kind, keys) == len(keys)
    db.session.flush()
    assert db.session.connection().execute(text("SELECT count(*) FROM crates")).scalar() == 0
    assert put_back(kind, take(kind, of_records(kind, keys))) == len(keys)
    assert not db.session.scalars(select(Trashed.id)).all()
