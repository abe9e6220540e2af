"""Kinds of records whose rows depend on each other in every way that a schema knows."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Column, ForeignKey, Integer, LargeBinary, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column, relationship
from sqlalchemy.orm import registry as mapping

from dashboard.extensions import db
from dashboard.history.usual import usual_recorded
from dashboard.registry import Record, Recorded, registry
from dashboard.trash.kinds import Trashable
from dashboard.trash.reverting import RecordReverting

MAPPING = mapping()
VISITS = Table(
    "park_visits",
    MAPPING.metadata,
    Column("park", String(20), ForeignKey("parks.code"), primary_key=True),
    Column("visitor", ForeignKey("visitors.id"), primary_key=True),
)


PATHS = Table(
    "park_paths",
    MAPPING.metadata,
    Column("from_park", String(20), ForeignKey("parks.code"), primary_key=True),
    Column("to_park", String(20), ForeignKey("parks.code"), primary_key=True),
)


@MAPPING.mapped
class Park:
    """A record with a text as its key, and children in a tree."""

    __tablename__ = "parks"

    code: Mapped[str] = mapped_column(String(20), primary_key=True)
    name: Mapped[str]
    kind: Mapped[str] = mapped_column(String(10))
    inside: Mapped[str | None] = mapped_column(ForeignKey("parks.code", ondelete="CASCADE"))

    near: Mapped[list[Park]] = relationship(
        secondary=PATHS,
        primaryjoin=code == PATHS.c.from_park,
        secondaryjoin=code == PATHS.c.to_park,
    )
    benches: Mapped[list[Bench]] = relationship(cascade="all, delete-orphan")
    __mapper_args__ = {"polymorphic_on": "kind", "polymorphic_identity": "park"}  # noqa: RUF012


@MAPPING.mapped
class Garden(Park):
    """A park that lies in two tables."""

    __tablename__ = "gardens"

    code: Mapped[str] = mapped_column(ForeignKey("parks.code"), primary_key=True)
    seed: Mapped[bytes | None] = mapped_column(LargeBinary)
    roses: Mapped[int] = mapped_column(default=0)

    __mapper_args__ = {"polymorphic_identity": "garden"}  # noqa: RUF012


@MAPPING.mapped
class Bench:
    """A child that the mapping deletes with its park."""

    __tablename__ = "benches"

    id: Mapped[int] = mapped_column(primary_key=True)
    park: Mapped[str] = mapped_column(ForeignKey("parks.code"))
    photo: Mapped[bytes] = mapped_column(LargeBinary)


@MAPPING.mapped
class Plank:
    """A grandchild that the database deletes."""

    __tablename__ = "planks"

    id: Mapped[int] = mapped_column(primary_key=True)
    bench_id: Mapped[int] = mapped_column(ForeignKey("benches.id", ondelete="CASCADE"))


@MAPPING.mapped
class Sign:
    """A row that forgets its park, and of which nothing is recorded."""

    __tablename__ = "signs"

    id: Mapped[int] = mapped_column(primary_key=True)
    park: Mapped[str | None] = mapped_column(ForeignKey("parks.code", ondelete="SET NULL"))


@MAPPING.mapped
class Keeper:
    """A kind of record that forgets its park."""

    __tablename__ = "keepers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    version = mapped_column(Integer, nullable=False)
    park_code: Mapped[str | None] = mapped_column("at_park", ForeignKey("parks.code", ondelete="SET NULL"))

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


@MAPPING.mapped
class Tree:
    """A kind of record with a trash of its own that goes with its park."""

    __tablename__ = "trees"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    park: Mapped[str] = mapped_column(ForeignKey("parks.code", ondelete="CASCADE"))


@MAPPING.mapped
class Visitor:
    """The only side that knows of its links to parks."""

    __tablename__ = "visitors"

    id: Mapped[int] = mapped_column(primary_key=True)
    parks: Mapped[list[Park]] = relationship(secondary=VISITS)


@MAPPING.mapped
class Gate:
    """A row that holds its park."""

    __tablename__ = "gates"

    id: Mapped[int] = mapped_column(primary_key=True)
    park: Mapped[str] = mapped_column(ForeignKey("parks.code"))


def a_kind(model: type[Any], noun: str) -> Record:
    """A kind of record over `model`."""
    return Record(
        model=model,
        title=model.name,
        singular=noun,
        name=f"{noun}s".capitalize(),
        endpoint=f"{noun}s",
        reverting=RecordReverting(model),
        trash=Trashable(model, title="name"),
        recorded=Recorded({**usual_recorded(model).fields, **({"near": "Near"} if model is Park else {})}),
    )


@contextmanager
def declared_parks() -> Iterator[None]:
    """Parks, keepers and trees as kinds of records, over tables of their own."""
    MAPPING.metadata.create_all(db.engine)
    kinds = [a_kind(Park, "park"), a_kind(Keeper, "keeper"), a_kind(Tree, "tree")]
    for kind in kinds:
        registry().add(kind)
    try:
        yield
    finally:
        db.session.rollback()
        for kind in kinds:
            registry().remove(kind.kind)
        MAPPING.metadata.drop_all(db.engine)


def stored() -> dict[str, list[Any]]:
    """Every row of every table, without the versions of keepers."""
    columns = {"keepers": "id, name, at_park"}
    return {table: _rows(table, columns.get(table, "*")) for table in MAPPING.metadata.tables}


def _rows(table: str, columns: str) -> list[tuple[Any, ...]]:
    return sorted(tuple(row) for row in db.session.execute(text(f"SELECT {columns} FROM {table}")))
