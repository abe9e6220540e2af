"""A record that refers to ten others and has two collections, each of a class with many records."""

from __future__ import annotations

from typing import Any

from flask import Flask
from sqlalchemy import Column, ForeignKey, String, Table
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.relations.together import FEW
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.record_view.conftest import With
from unit.record_view.kinds import Base

HUBS = "/admin/own_hubs"
NUMBERS = range(10)
LINKED = range(10, 12)


def _spoke(number: int) -> type[Base]:
    """A class of records with a name; every second one has a text as its key."""
    kind = mapped_column(String(10), primary_key=True) if number % 2 else mapped_column(primary_key=True)
    key: Any = Mapped[str] if number % 2 else Mapped[int]
    annotations = {"id": key, "name": Mapped[str]}
    space = {
        "__tablename__": f"own_spokes_{number}",
        "__module__": __name__,
        "__annotations__": annotations,
        "id": kind,
        "name": mapped_column(String(80)),
    }
    return type(f"Spoke{number}", (Base,), space)


SPOKES = {number: _spoke(number) for number in (*NUMBERS, *LINKED)}


def _links(number: int) -> Table:
    key = SPOKES[number].__table__.c.id  # type: ignore[attr-defined]
    return Table(
        f"own_hub_links_{number}",
        Base.metadata,
        Column("hub_id", ForeignKey("own_hubs.id"), primary_key=True),
        Column("spoke_id", ForeignKey(key), primary_key=True),
    )


def _hub() -> type[Any]:
    keys = {
        f"spoke{number}_id": mapped_column(ForeignKey(f"own_spokes_{number}.id"), nullable=True)
        for number in NUMBERS
    }
    references = {f"spoke{number}": relationship(SPOKES[number]) for number in NUMBERS}
    collections = {
        f"spokes{number}": relationship(SPOKES[number], secondary=_links(number)) for number in LINKED
    }
    own = {"id": mapped_column(primary_key=True), "name": mapped_column(String(80))}
    annotations = {"id": Mapped[int], "name": Mapped[str]}
    space = {"__tablename__": "own_hubs", "__module__": __name__, "__annotations__": annotations}
    return type("Hub", (Base,), {**space, **own, **keys, **references, **collections})


Hub = _hub()


class HubView(RecordView):
    """Hubs, whose list has every reference."""

    column_list = ("name", *(f"spoke{number}" for number in NUMBERS))


def hubs(console: With, many: int = FEW + 1) -> Flask:
    """A console with a hub of everything, another of nothing, and as many records of each other class."""
    app = console(lambda: HubView(Hub), *(_view(number) for number in SPOKES))
    with app.app_context():
        for number in SPOKES:
            db.session.add_all(spoke(number, at) for at in range(1, many + 1))
        db.session.flush()
        first = {f"spoke{number}_id": key(number, number + 1) for number in NUMBERS}
        its = {
            f"spokes{number}": [db.session.get(SPOKES[number], key(number, at)) for at in (1, 2)]
            for number in LINKED
        }
        db.session.add_all([Hub(name="Full", **first, **its), Hub(name="Empty")])
        db.session.commit()
    return app


def _view(number: int) -> Any:
    return lambda: RecordView(SPOKES[number])


def key(number: int, at: int) -> Any:
    """The key of a record of a class."""
    return f"k{at}" if number % 2 else at


def spoke(number: int, at: int) -> Any:
    """A record of a class."""
    return SPOKES[number](id=key(number, at), name=f"Spoke {number} no. {at}")
