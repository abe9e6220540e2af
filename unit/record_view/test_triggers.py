"""Records whose table has a trigger that writes columns: the history has what the row holds."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.models import UNASKED, Change, read_unasked
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.deleting import undone
from unit.record_view.kinds import Base
from unit.record_view.stored import cell_of, confirm, rows

pytestmark = pytest.mark.both_databases
GAUGES = "/admin/own_gauges"
OF_POSTGRESQL = (
    "CREATE OR REPLACE FUNCTION own_write() RETURNS trigger AS $$ BEGIN"
    " NEW.name := upper(NEW.name); NEW.writes := NEW.writes + 1; RETURN NEW; END $$ LANGUAGE plpgsql",
    "CREATE TRIGGER own_write BEFORE INSERT OR UPDATE ON own_gauges FOR EACH ROW"
    " EXECUTE FUNCTION own_write()",
)
WRITE = "BEGIN UPDATE own_gauges SET name = upper(name), writes = writes + 1 WHERE id = NEW.id; END"
OF_SQLITE = (
    f"CREATE TRIGGER own_write_new AFTER INSERT ON own_gauges {WRITE}",
    f"CREATE TRIGGER own_write AFTER UPDATE ON own_gauges WHEN NEW.writes = OLD.writes {WRITE}",
)


class Gauge(Base):
    """A gauge: a trigger writes its name in capitals, and counts how often the row was written."""

    __tablename__ = "own_gauges"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    place: Mapped[str] = mapped_column(default="")
    writes: Mapped[int] = mapped_column(default=0)


class GaugeView(RecordView):
    """Gauges, whose number of writes is in no form."""

    column_editable_list = ("place",)
    form_columns = ("name", "place")


@pytest.fixture
def app(console: With) -> Flask:
    """A console with one gauge, written once."""
    app = console(lambda: GaugeView(Gauge))
    with app.app_context():
        for statement in OF_POSTGRESQL if db.engine.dialect.name == "postgresql" else OF_SQLITE:
            db.session.connection().exec_driver_sql(statement)
        db.session.add(Gauge(name="Oak"))
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def edit(client: FlaskClient, **values: str) -> None:
    """Change the gauge in its form, and look at the message."""
    form = record_form(client.get(f"{GAUGES}/edit/?id=1").text)
    assert is_redirect(client.post(f"{GAUGES}/edit/?id=1", data={**form, **values}))


def changes(app: Flask) -> Sequence[Change]:
    """The changes of gauges, the oldest first."""
    with app.app_context():
        its = select(Change).where(Change.record_kind == "own_gauges").order_by(Change.id)
        return db.session.scalars(its).all()


def recorded(app: Flask) -> list[dict[str, Any]]:
    """The fields of each change, the oldest first."""
    return [change.pairs for change in changes(app)]


def numbers(app: Flask, at: int) -> tuple[int, int]:
    """The numbers of a change set and of its only change."""
    change = changes(app)[at]
    return change.change_set_id, change.id


def gauge(app: Flask) -> tuple[str, str, int]:
    [row] = rows(app, Gauge)
    return row["name"], row["place"], row["writes"]


def test_creation_has_what_the_trigger_wrote(app: Flask) -> None:
    assert recorded(app) == [{"name": (None, "OAK"), "place": (None, ""), "writes": (None, 1)}]


def test_change_has_what_the_trigger_wrote(app: Flask, editor: FlaskClient) -> None:
    edit(editor, name="Elm")
    assert recorded(app)[-1] == {"name": ("OAK", "ELM"), "writes": (1, 2)}
    assert read_unasked(changes(app)[-1].fields) == {"writes"}
    assert UNASKED not in editor.get("/admin/history/").text


def test_object_has_what_the_trigger_wrote(app: Flask) -> None:
    with app.app_context():
        its = db.session.get_one(Gauge, 1)
        its.name = "Elm"
        db.session.flush()
        assert (its.name, its.writes) == ("ELM", 2)
        its.name = "Ash"
        db.session.commit()
    assert recorded(app)[1:] == [
        {"name": ("OAK", "ELM"), "writes": (1, 2)},
        {"name": ("ELM", "ASH"), "writes": (2, 3)},
    ]


def test_change_is_undone(app: Flask, editor: FlaskClient) -> None:
    edit(editor, name="Elm")
    undone(editor, f"{GAUGES}/")
    assert gauge(app)[0] == "OAK"
    assert flashes(editor.get(f"{GAUGES}/").text) == [("success", "Undone. 1 gauge restored.")]


def test_changed_cell_is_reverted(app: Flask, editor: FlaskClient) -> None:
    answer = editor.post(f"{GAUGES}/cell/", data=cell_of(editor, GAUGES, "place", "Roof"))
    assert answer.status_code == 200
    assert recorded(app)[-1] == {"place": ("", "Roof"), "writes": (1, 2)}
    change_set, _ = numbers(app, -1)
    assert is_redirect(confirm(editor, f"/admin/revert/?set={change_set}"))
    assert gauge(app)[1] == ""


def test_creation_is_undone(app: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(f"{GAUGES}/new/").text)
    assert is_redirect(editor.post(f"{GAUGES}/new/", data={**form, "name": "Elm"}))
    undone(editor, f"{GAUGES}/")
    assert gauge(app)[0] == "OAK"


def test_deletion_is_undone_and_that_reverted(app: Flask, editor: FlaskClient) -> None:
    confirm(editor, f"{GAUGES}/delete/?id=1")
    undone(editor, f"{GAUGES}/")
    assert gauge(app) == ("OAK", "", 2)
    assert recorded(app)[-1]["writes"] == (None, 2)
    change_set, _ = numbers(app, -1)
    assert is_redirect(confirm(editor, f"/admin/revert/?set={change_set}"))
    assert rows(app, Gauge) == []


def test_older_change_is_reverted_but_for_the_columns_of_the_trigger(app: Flask, editor: FlaskClient) -> None:
    edit(editor, name="Elm")
    edit(editor, place="Roof")
    change_set, _ = numbers(app, 1)
    question = f"/admin/revert/?set={change_set}"
    assert "Writes" not in read(editor.get(question).text).all("main")[0].text
    assert is_redirect(confirm(editor, question))
    assert gauge(app) == ("OAK", "Roof", 4)


def test_column_of_the_trigger_alone_is_not_reverted_after_a_later_change(
    app: Flask, editor: FlaskClient
) -> None:
    edit(editor, name="Elm")
    edit(editor, place="Roof")
    change_set, change = numbers(app, 1)
    question = editor.get(f"/admin/revert/?set={change_set}&change={change}&field=writes").text
    assert "has since been changed: Writes" in question
    assert gauge(app) == ("ELM", "Roof", 3)
