"""Code of a screen that commits by itself: that is refused, for the change would be stored in two parts."""

from typing import Any

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient
from flask_admin.actions import action

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, cell_of, confirm, rows

pytestmark = pytest.mark.both_databases

REFUSED = (
    "Nothing was saved, because the code for Supplier calls db.session.commit(): leave that to the console."
)


class Committing(RecordView):
    """Suppliers whose hooks and actions commit."""

    column_list = ("name", "city")
    column_editable_list = ("city",)

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        model.notes = "Noted"
        if model.city == "Savepoint":
            with db.session.begin_nested():
                db.session.flush()
        else:
            db.session.commit()

    def on_model_delete(self, model: Any) -> None:
        model.city = "Gone"
        db.session.commit()

    @action("rename", "Rename")
    def rename(self, ids: list[str]) -> None:
        self.session.get(self.model, int(ids[0])).name = "Renamed"
        db.session.commit()

    @action("hide", "Hide")
    def hide(self, ids: list[str]) -> None:
        try:
            self.rename(ids)
            flash("Hidden.", "success")
        except Exception:  # as code for Flask-Admin does
            db.session.rollback()
            flash("Failed.", "error")


@pytest.fixture
def app(console: With) -> Flask:
    """A console with two suppliers whose hooks commit."""
    app = console(lambda: Committing(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name="Oak"), Supplier(name="Elm")])
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def said(client: FlaskClient) -> list[tuple[str, str]]:
    """The messages on the list."""
    return flashes(client.get(f"{SUPPLIERS}/").text)


@pytest.mark.parametrize("page", ["edit/?id=1", "new/"])
def test_hook_that_commits_is_refused_in_the_form(
    app: Flask, editor: FlaskClient, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    before, address = rows(app, Supplier), f"{SUPPLIERS}/{page}"
    answer = editor.post(address, data={**record_form(editor.get(address).text), "name": "Ash"})
    assert answer.status_code == 200
    assert REFUSED in read(answer.text).all("main")[0].text
    assert rows(app, Supplier) == before
    [line] = [each for each in caplog.records if each.getMessage() == REFUSED]
    assert line.levelname == "ERROR"
    assert "in on_model_change" in (line.exc_text or "")


def test_hook_that_commits_is_refused_in_a_cell(app: Flask, editor: FlaskClient) -> None:
    before = rows(app, Supplier)
    answer = editor.post(f"{SUPPLIERS}/cell/", data=cell_of(editor, SUPPLIERS, "city", "Bonn"))
    assert REFUSED in answer.text
    assert rows(app, Supplier) == before


def test_hook_that_commits_is_refused_for_many(app: Flask, editor: FlaskClient) -> None:
    before = rows(app, Supplier)
    preview = edit(editor, 1, 2, **{"city-how": "set", "city": "Bonn", "stage": "preview"})
    assert REFUSED in read(confirmed(editor, preview).text).all("main")[0].text
    assert rows(app, Supplier) == before


def test_hook_of_a_deletion_that_commits_is_refused(app: Flask, editor: FlaskClient) -> None:
    before = rows(app, Supplier)
    assert is_redirect(confirm(editor, f"{SUPPLIERS}/delete/?id=1"))
    assert said(editor) == [("error", REFUSED)]
    assert rows(app, Supplier) == before


@pytest.mark.parametrize("name", ["rename", "hide"])
def test_action_that_commits_is_refused(app: Flask, editor: FlaskClient, name: str) -> None:
    before = rows(app, Supplier)
    token = read(editor.get(f"{SUPPLIERS}/").text).fields["csrf_token"]
    sent = {"csrf_token": token, "action": name, "rowid": "1", "confirm": "1"}
    assert is_redirect(editor.post(f"{SUPPLIERS}/action/", data=sent))
    assert said(editor) == [("error", REFUSED)]
    assert rows(app, Supplier) == before


def test_savepoint_of_a_hook_is_allowed(app: Flask, editor: FlaskClient) -> None:
    address = f"{SUPPLIERS}/edit/?id=1"
    changed = {**record_form(editor.get(address).text), "city": "Savepoint"}
    assert is_redirect(editor.post(address, data=changed))
    assert rows(app, Supplier)[0]["city"] == "Savepoint"
