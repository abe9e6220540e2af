"""Changes that the database itself refuses, by a trigger or because rows cannot be written there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base
from unit.record_view.stored import cell_of, confirm

LISTED = "/admin/own_meters"
OF_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION own_refuse() RETURNS trigger AS"
    " $$ BEGIN {} RETURN NEW; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER own_refuse BEFORE INSERT OR UPDATE OR DELETE ON own_meters"
    " FOR EACH ROW EXECUTE FUNCTION own_refuse()",
)
REFUSALS = {
    "a message": ("RAISE EXCEPTION 'secret words';", "SELECT RAISE(ABORT, 'secret words');"),
    "a number too large": ("NEW.reading := 2147483647 + 1;", "SELECT RAISE(ROLLBACK, 'secret words');"),
}


class Meter(Base):
    """A meter, whose table has a trigger."""

    __tablename__ = "own_meters"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    reading: Mapped[int] = mapped_column(default=0)


class MeterView(RecordView):
    """Meters, whose readings are edited in the list."""

    column_editable_list = ("reading",)


@pytest.fixture
def app(console: With) -> Flask:
    """A console with two meters."""
    app = console(lambda: MeterView(Meter))
    with app.app_context():
        db.session.add_all([Meter(name="Cellar"), Meter(name="Roof")])
        db.session.commit()
    return app


@pytest.fixture(params=REFUSALS)
def refused(app: Flask, request: pytest.FixtureRequest) -> Flask:
    """The same, where a trigger refuses every change."""
    refuse_all(app, request.param)
    return app


def refuse_all(app: Flask, why: str) -> None:
    """Add the trigger that refuses changes."""
    of_postgresql, of_sqlite = REFUSALS[why]
    with app.app_context():
        if db.engine.dialect.name == "postgresql":
            function, trigger = OF_POSTGRESQL
            statements = [function.format(of_postgresql), trigger]
        else:
            statements = [
                f"CREATE TRIGGER own_{event} BEFORE {event} ON own_meters BEGIN {of_sqlite} END"
                for event in ("INSERT", "UPDATE", "DELETE")
            ]
        for statement in statements:
            db.session.execute(text(statement))
        db.session.commit()


def names(app: Flask) -> list[tuple[str, int]]:
    with app.app_context():
        return [(each.name, each.reading) for each in db.session.query(Meter).order_by(Meter.id)]


@pytest.mark.both_databases
def test_refused_form_is_shown_again_and_nothing_is_written(refused: Flask) -> None:
    client = logged_in(refused, "editor")
    for address in (f"{LISTED}/new/", f"{LISTED}/edit/?id=1"):
        form = {**record_form(client.get(address).text), "name": "Attic"}
        answer = client.post(address, data=form)
        assert answer.status_code == 200
        assert "The database does not allow" in answer.text
        assert record_form(answer.text)["name"] == "Attic"
        assert "secret words" not in answer.text
    assert names(refused) == [("Cellar", 0), ("Roof", 0)]


@pytest.mark.both_databases
def test_refused_cell_says_so(refused: Flask) -> None:
    client = logged_in(refused, "editor")
    answer = client.post(f"{LISTED}/cell/", data=cell_of(client, LISTED, "reading", "7"))
    assert answer.status_code == 422
    assert "The database does not allow" in answer.text
    assert names(refused) == [("Cellar", 0), ("Roof", 0)]


@pytest.mark.both_databases
def test_refused_deletion_says_so(refused: Flask) -> None:
    client = logged_in(refused, "editor")
    confirm(client, f"{LISTED}/delete/?id=1")
    [(category, message)] = flashes(client.get(f"{LISTED}/").text)
    assert (category, "The database does not allow" in message) == ("error", True)
    assert names(refused) == [("Cellar", 0), ("Roof", 0)]


@pytest.mark.both_databases
@pytest.mark.parametrize("why", REFUSALS)
@pytest.mark.parametrize("view", ["edit", "delete"])
def test_refused_undo_says_so(app: Flask, view: str, why: str) -> None:
    client = logged_in(app, "editor")
    address = f"{LISTED}/{view}/?id=1"
    form = {**record_form(client.get(address).text), "name": "Attic"}
    assert is_redirect(client.post(address, data=form))
    undo = read(client.get(f"{LISTED}/").text).all("form", class_="undo")[0].fields
    refuse_all(app, why)
    before = names(app)
    assert is_redirect(client.post("/admin/revert/undo/", data=undo))
    [(category, message)] = flashes(client.get(f"{LISTED}/").text)
    assert (category, "secret words" in message) == ("error", False)
    assert names(app) == before


class Shown(Base):
    """A row of a view."""

    __tablename__ = "own_shown"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


@pytest.fixture
def viewed(console: With) -> Iterator[Flask]:
    """A console with the rows of a view that cannot be changed."""
    app = console(lambda: RecordView(Shown))
    with app.app_context():
        columns = "SELECT 1 AS id, CAST('First' AS VARCHAR(20)) AS name UNION SELECT 2, 'Second'"
        db.session.execute(text("DROP TABLE own_shown"))
        db.session.execute(text(f"CREATE VIEW own_shown AS {columns}"))
        db.session.commit()
        yield app
        db.session.execute(text("DROP VIEW own_shown"))
        db.session.commit()


@pytest.mark.both_databases
def test_view_that_takes_no_rows_says_so(viewed: Flask) -> None:
    client = logged_in(viewed, "editor")
    for address in ("new/", "edit/?id=1"):
        form = {**record_form(client.get(f"/admin/own_shown/{address}").text), "name": "Third"}
        answer = client.post(f"/admin/own_shown/{address}", data=form)
        assert answer.status_code == 200
        assert "The database does not allow" in answer.text
    page = confirm(client, "/admin/own_shown/delete/?id=1")
    assert is_redirect(page)
    [(category, _)] = flashes(client.get("/admin/own_shown/").text)
    assert category == "error"
