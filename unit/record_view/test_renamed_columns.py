"""Columns whose key in the table differs from their name in the database, which `Column(key=…)` gives."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import JSON, Column, ForeignKey, Integer, PickleType, String, Table
from sqlalchemy.orm import relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.kinds import check_kinds
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import confirm, rows

pytestmark = pytest.mark.both_databases


class Depot(Base):
    """A record whose columns are all called otherwise in the database."""

    __table__ = Table(
        "own_depots",
        Base.metadata,
        Column("DepotNo", Integer, primary_key=True, key="number"),
        Column("Depot Name", String(40), key="name", nullable=False, unique=True),
        Column("Tags", JSON, key="labels"),
        Column("State", PickleType, key="state"),
        Column("Rank", Integer, key="version", nullable=False),
    )
    __mapper_args__ = {"version_id_col": __table__.c.version}  # noqa: RUF012


class Van(Base):
    """A record that forgets its depot when that is deleted, and a route that goes with it."""

    __table__ = Table(
        "own_vans",
        Base.metadata,
        Column("VanNo", Integer, primary_key=True, key="number"),
        Column("Plate", String(40), key="name", nullable=False),
        Column("Home", ForeignKey("own_depots.number", ondelete="SET NULL"), key="depot_number"),
    )
    depot = relationship(Depot)


class Route(Base):
    """A record that is deleted with its depot."""

    __table__ = Table(
        "own_routes",
        Base.metadata,
        Column("RouteNo", Integer, primary_key=True, key="number"),
        Column("Name", String(40), key="name", nullable=False),
        Column(
            "Start", ForeignKey("own_depots.number", ondelete="CASCADE"), key="depot_number", nullable=False
        ),
    )
    depot = relationship(Depot)


@pytest.fixture
def app(console: With) -> Flask:
    """A console with a depot, and a van and a route that belong to it."""
    app = console(*(lambda model=model: RecordView(model) for model in (Depot, Van, Route)))
    with app.app_context():
        depot = Depot(name="North", labels=["cold", None], state={"open": True})
        db.session.add_all([depot, Van(name="B-1", depot=depot), Route(name="Ring", depot=depot)])
        db.session.commit()
    return app


def stored(app: Flask) -> list[list[dict[str, Any]]]:
    return [rows(app, model) for model in (Depot, Van, Route)]


def test_records_with_renamed_columns_pass_the_checks_of_kinds(app: Flask) -> None:
    check_kinds(app, only=["queries", "forms", "conflict", "undo"])


def test_deletion_is_undone_with_what_hangs_on_the_record(app: Flask) -> None:
    client, [[depot], [van], [route]] = logged_in(app, "editor"), stored(app)
    confirm(client, "/admin/own_depots/delete/?id=1")
    assert stored(app) == [[], [{**van, "Home": None}], []]
    undone(client, "/admin/own_depots/")
    version = {**depot, "Rank": depot["Rank"] + 1}
    assert stored(app) == [[version], [van], [route]]
