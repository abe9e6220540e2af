"""Undo for users who see only some of the records of a kind."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, confirm, rows

pytestmark = pytest.mark.both_databases

LIST = f"{SUPPLIERS}/"
UNSEEN = [("error", "Nothing was undone: you may not see all of these records.")]


class InBonn(RecordView):
    """Suppliers in one city."""

    city = "Bonn"

    def get_query(self) -> Any:
        return super().get_query().filter(Supplier.city == self.city)


@pytest.fixture
def app(console: With, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console whose users see the suppliers in Bonn."""
    monkeypatch.setattr(InBonn, "city", "Bonn")
    app = console(lambda: InBonn(Supplier))
    with app.app_context():
        db.session.add_all(Supplier(name=name, city="Bonn") for name in ("Oak", "Elm"))
        db.session.commit()
    return app


def offered(client: FlaskClient) -> tuple[str, dict[str, str]]:
    """The address and the fields of the Undo that a list offers."""
    forms = read(client.get(LIST).text).all("form")
    [undo] = [form for form in forms if form.attributes["action"].endswith("/undo/")]
    return undo.attributes["action"], {**undo.fields}


def undo(client: FlaskClient) -> list[tuple[str, str]]:
    """The messages after what the list offers to undo was undone."""
    address, fields = offered(client)
    assert client.post(address, data=fields).status_code == 303
    return flashes(client.get(LIST).text)


def cities(app: Flask) -> dict[str, str]:
    """The cities of the suppliers by their names."""
    return {row["name"]: row["city"] for row in rows(app, Supplier)}


def edited(client: FlaskClient, **values: str) -> None:
    """Edit the first supplier."""
    address = f"{SUPPLIERS}/edit/?id=1"
    client.post(address, data={**record_form(client.get(address).text), **values})


def test_deletion_is_undone(app: Flask) -> None:
    editor, before = logged_in(app, "editor"), rows(app, Supplier)
    confirm(editor, f"{SUPPLIERS}/delete/?id=1")
    assert undo(editor) == [("success", "Undone. 1 supplier restored.")]
    assert rows(app, Supplier) == before


def test_bulk_deletion_is_undone(app: Flask) -> None:
    editor, before = logged_in(app, "editor"), rows(app, Supplier)
    token = read(editor.get(LIST).text).fields["csrf_token"]
    fields = {"action": "delete", "rowid": ["1", "2"], "csrf_token": token, "confirm": "1"}
    editor.post(f"{SUPPLIERS}/action/", data=fields)
    assert rows(app, Supplier) == []
    assert undo(editor) == [("success", "Undone. 2 suppliers restored.")]
    assert rows(app, Supplier) == before


def test_edit_that_hid_a_record_from_its_editor_is_undone(app: Flask) -> None:
    editor = logged_in(app, "editor")
    edited(editor, city="Ulm")
    assert editor.get(f"{SUPPLIERS}/edit/?id=1").status_code == 404
    assert undo(editor) == [("success", "Undone. 1 supplier restored.")]
    assert cities(app) == {"Oak": "Bonn", "Elm": "Bonn"}


def test_deleted_record_that_would_not_be_seen_is_not_restored(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = logged_in(app, "editor")
    confirm(editor, f"{SUPPLIERS}/delete/?id=1")
    monkeypatch.setattr(InBonn, "city", "Ulm")
    assert undo(editor) == UNSEEN
    assert cities(app) == {"Elm": "Bonn"}


def test_change_of_a_record_that_is_no_longer_seen_is_not_undone(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = logged_in(app, "editor")
    edited(editor, notes="Of mine")
    monkeypatch.setattr(InBonn, "city", "Ulm")
    assert undo(editor) == UNSEEN
    assert rows(app, Supplier)[0]["notes"] == "Of mine"


def test_refused_undo_does_not_name_a_record_that_is_no_longer_seen(app: Flask) -> None:
    editor = logged_in(app, "editor")
    edited(editor, notes="Of mine")
    address, fields = offered(editor)
    with app.app_context():
        db.session.get_one(Supplier, 1).name = "Secret"
        db.session.get_one(Supplier, 1).city = "Ulm"
        db.session.commit()
    editor.post(address, data=fields)
    assert flashes(editor.get(LIST).text) == UNSEEN
