"""Actions as classes for Flask-Admin have them: methods that get the keys of the selected records."""

from typing import Any

import pytest
from flask import Flask, flash
from flask.testing import FlaskClient
from flask_admin.actions import action
from flask_admin.contrib.sqla import tools
from sqlalchemy import update
from werkzeug.test import TestResponse

from dashboard.admin.record_view import actions
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Supplier, Ticket
from unit.record_view.stored import SUPPLIERS, rows

pytestmark = pytest.mark.both_databases


class Acting(RecordView):
    """Suppliers with actions in the style of Flask-Admin's documentation."""

    action_disallowed_list = ("delete",)
    got: list[Any] = []  # noqa: RUF012

    @action("move", "Move {x}", "Are you sure you want to move the selected suppliers?")
    def action_move(self, ids: list[str]) -> None:
        self.got.append(ids)
        try:
            query = tools.get_query_for_ids(self.get_query(), self.model, ids)
            for supplier in query.all():
                supplier.city = "Rome"
            self.session.commit()
            flash(f"{len(ids)} suppliers moved.", "success")
        except Exception as error:
            if not self.handle_view_exception(error):
                raise
            flash("Failed to move suppliers.", "error")

    @action("page", "Show")
    def action_page(self, ids: list[str]) -> str:
        return f"These: {', '.join(ids)}"

    @action("fail", "Fail")
    def action_fail(self, ids: list[str]) -> None:
        self.session.get(Supplier, int(ids[0])).city = "Lost"
        self.session.flush()
        flash("All is well.", "success")
        raise ValueError("The moon is full.")

    @action("taken", "Rename")
    def action_taken(self, ids: list[str]) -> None:
        self.session.get(Supplier, int(ids[0])).name = "Ash"

    @action("all", "Update")
    def action_all(self, ids: list[str]) -> None:
        self.session.execute(update(Supplier).values(city="Unseen"))

    @action("hide", "Hide")
    def action_hide(self, ids: list[str]) -> None:
        self.session.get(Supplier, int(ids[0])).name = "Ash"
        try:
            self.session.flush()
        except Exception:  # as code for Flask-Admin does
            flash("Failed to hide.", "error")


@pytest.fixture
def acting(console: With) -> Flask:
    """A console with suppliers that have actions, and three of them."""
    Acting.got.clear()
    app = console(lambda: Acting(Supplier))
    with app.app_context():
        db.session.add_all([Supplier(name="Oak"), Supplier(name="Elm"), Supplier(name="Ash")])
        db.session.commit()
    return app


def ask(client: FlaskClient, name: str, **chosen: Any) -> TestResponse:
    """The answer to an action on records, which asks first."""
    token = read(client.get(f"{SUPPLIERS}/").text).fields["csrf_token"]
    return client.post(f"{SUPPLIERS}/action/", data={"csrf_token": token, "action": name, **chosen})


def do(client: FlaskClient, name: str, **chosen: Any) -> TestResponse:
    """The answer to an action that is confirmed."""
    fields = record_form(ask(client, name, **chosen).text)
    return client.post(f"{SUPPLIERS}/action/", data=fields)


def cities(app: Flask) -> list[str | None]:
    """The city of each supplier."""
    return [row["city"] for row in rows(app, Supplier)]


def said(client: FlaskClient) -> list[tuple[str, str]]:
    """The messages on the list."""
    return flashes(client.get(f"{SUPPLIERS}/").text)


def test_action_is_asked_about_and_gets_the_keys_as_texts(acting: Flask) -> None:
    editor = logged_in(acting, "editor")
    question = read(ask(editor, "move", rowid=["1", "3"]).text).all("main")[0].text
    assert "Move {x} 2 suppliers?" in question
    assert "Are you sure you want to move the selected suppliers?" in question
    assert Acting.got == []
    assert is_redirect(do(editor, "move", rowid=["1", "3"]))
    assert [sorted(keys) for keys in Acting.got] == [["1", "3"]]
    assert cities(acting) == ["Rome", None, "Rome"]
    assert said(editor) == [("success", "2 suppliers moved.")]


def test_action_on_everything_is_one_change_set_that_is_undone(acting: Flask) -> None:
    editor = logged_in(acting, "editor")
    assert is_redirect(do(editor, "move", matching=""))
    assert cities(acting) == ["Rome"] * 3
    page = read(editor.get(f"{SUPPLIERS}/").text)
    [undo] = [form for form in page.all("form") if form.attributes["action"].endswith("/undo/")]
    assert is_redirect(editor.post(undo.attributes["action"], data=undo.fields))
    assert cities(acting) == [None] * 3
    with acting.app_context():
        assert verify(db.session).faults == []


def test_action_may_answer_with_a_page(acting: Flask) -> None:
    assert do(logged_in(acting, "editor"), "page", rowid=["2"]).text == "These: 2"


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("fail", "The moon is full."),
        ("taken", "This name is already in use."),
        (
            "all",
            "This would change Suppliers without recording it in the history, so it was not done."
            " Change the records one by one.",
        ),
        ("hide", "Failed to hide."),
    ],
)
def test_action_that_fails_changes_nothing_and_says_why(acting: Flask, name: str, message: str) -> None:
    editor, before = logged_in(acting, "editor"), rows(acting, Supplier)
    assert is_redirect(do(editor, name, rowid=["1", "2"]))
    assert said(editor) == [("error", message)]
    assert rows(acting, Supplier) == before


def test_action_on_too_many_records_is_refused(acting: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "MOST_KEYS", 2)
    editor = logged_in(acting, "editor")
    assert is_redirect(do(editor, "move", matching=""))
    assert said(editor) == [("error", "Select at most 2 at once. Nothing was changed.")]


def test_action_of_a_viewer_and_disallowed_action_are_refused(acting: Flask) -> None:
    assert "bulk-tools" not in logged_in(acting, "viewer").get(f"{SUPPLIERS}/").text
    editor = logged_in(acting, "editor")
    offered = read(editor.get(f"{SUPPLIERS}/").text).all("div", class_="bulk-tools")[0].text
    assert "Delete" not in offered
    assert "Move {x}" in offered
    assert ask(editor, "delete", rowid=["1"]).status_code == 400


def test_changed_record_stops_the_action_for_all(acting: Flask) -> None:
    editor = logged_in(acting, "editor")
    fields = record_form(ask(editor, "move", rowid=["1", "2"]).text)
    do(logged_in(acting, "admin"), "move", rowid=["2"])
    editor.post(f"{SUPPLIERS}/action/", data=fields)
    assert "has changed since" in said(editor)[0][1]
    assert cities(acting) == [None, "Rome", None]


def test_action_finds_records_whose_keys_are_uuids(console: With) -> None:
    class Weighing(RecordView):
        @action("weigh", "Weigh")
        def weigh(self, ids: list[str]) -> None:
            for ticket in tools.get_query_for_ids(self.get_query(), self.model, ids):
                ticket.weight = 3

    app = console(lambda: Weighing(Ticket))
    with app.app_context():
        db.session.add_all([Ticket(), Ticket()])
        db.session.commit()
    key = str(rows(app, Ticket)[0]["number"])
    editor, address = logged_in(app, "editor"), "/admin/own_tickets/"
    sent = {"csrf_token": read(editor.get(address).text).fields["csrf_token"], "action": "weigh"}
    fields = record_form(editor.post(f"{address}action/", data={**sent, "rowid": key}).text)
    assert is_redirect(editor.post(f"{address}action/", data=fields))
    assert [row["weight"] for row in rows(app, Ticket)] == [3, None]
    assert flashes(editor.get(address).text) == [("success", "Weigh: 1 ticket.")]


def test_two_actions_of_one_name_are_refused_at_the_start(console: With) -> None:
    class Twice(RecordView):
        @action("delete", "Remove")
        def remove(self, ids: list[str]) -> None: ...

    with pytest.raises(ValueError, match=r"Twice has two actions called delete\. Rename one\."):
        console(lambda: Twice(Supplier))
