"""Deleting records together that others refer to: these are moved to another one, or cleared."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert, select

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change, ChangeSet, Origin
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, flashes, read, record_form
from unit.conftest import CountQueries
from unit.record_view.conftest import Secretive, With, logged_in
from unit.record_view.deleting import Branch, branches, fields_of, stored, undone
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import COUNTRIES, change_elsewhere

pytestmark = pytest.mark.both_databases

ACTION = f"{COUNTRIES}/action/"
SUPPLIERS, TWO = "2 suppliers (Country)", "2 branches (Country)"


def countries(console: With, view: type[RecordView] = RecordView) -> Flask:
    """A console with suppliers in Germany and France, branches in Germany, and Italy without any."""
    app = branches(console, lambda: view(Branch))
    with app.app_context():
        db.session.add(Country(code="it", name="Italy"))
        db.session.flush()
        db.session.scalars(select(Supplier).where(Supplier.name == "Elm")).one().country_code = "fr"
        db.session.commit()
    return app


def asked(client: FlaskClient, *keys: str) -> str:
    """The question before these countries are deleted."""
    token = read(client.get(f"{COUNTRIES}/").text).fields["csrf_token"]
    chosen = {"csrf_token": token, "action": "delete", "rowid": [*keys]}
    return client.post(ACTION, data=chosen).text


def asked_about_all(client: FlaskClient) -> str:
    """The question before all countries are deleted."""
    token = read(client.get(f"{COUNTRIES}/").text).fields["csrf_token"]
    return client.post(ACTION, data={"csrf_token": token, "action": "delete", "matching": ""}).text


def answered(client: FlaskClient, question: str, **answers: str) -> Any:
    """The answer to a question that is answered by the fields of its form."""
    return client.post(ACTION, data={**record_form(question).to_dict(flat=False), **answers})


def answers(question: str) -> dict[str, str]:
    """The answers that clear suppliers and move branches to Italy."""
    names = fields_of(question)
    return {names[SUPPLIERS]: "clear", names[TWO]: "move", names[f"Move {TWO} to"]: "it"}


def test_what_refers_to_selected_records_is_cleared_or_moved(console: With) -> None:
    app = countries(console)
    editor = logged_in(app, "editor")
    question = asked(editor, "de", "fr")
    told = "2 suppliers and 2 branches refer to these countries. Choose what happens to them."
    assert told in question
    assert is_redirect(answered(editor, question, **answers(question)))
    assert stored(app) == {
        "countries": ["it"],
        "suppliers": [None, None],
        "branches": [(1, "it"), (1, "it")],
    }
    page = editor.get(f"{COUNTRIES}/").text
    assert "2 countries deleted. 2 suppliers changed, 2 branches changed." in page
    with app.app_context():
        last = db.session.scalars(select(ChangeSet).order_by(ChangeSet.id.desc()).limit(1)).one()
        assert last.origin is Origin.BULK
        sets = db.session.scalars(select(Change.change_set_id).order_by(Change.id.desc()).limit(6))
        assert set(sets) == {last.id}
        assert verify(db.session).faults == []


def test_one_undo_restores_all_and_what_referred_to_them(console: With) -> None:
    app = countries(console)
    editor, before = logged_in(app, "editor"), stored(app)
    question = asked(editor, "de", "fr")
    answered(editor, question, **answers(question))
    undone(editor, f"{COUNTRIES}/")
    assert stored(app) == before


def test_every_record_of_the_list_can_be_selected(console: With) -> None:
    app = countries(console)
    with app.app_context():
        db.session.delete(db.session.get_one(Country, "it"))
        db.session.execute(Branch.__table__.delete())  # type: ignore[attr-defined]
        db.session.commit()
    editor, before = logged_in(app, "editor"), stored(app)
    question = asked_about_all(editor)
    assert "2 suppliers refer to these countries." in question
    answered(editor, question, **{fields_of(question)[SUPPLIERS]: "clear"})
    assert stored(app) == {"countries": [], "suppliers": [None, None], "branches": []}
    undone(editor, f"{COUNTRIES}/")
    assert stored(app) == before


def test_question_about_several_is_asked_again_until_it_is_answered(console: With) -> None:
    app = countries(console)
    editor, before = logged_in(app, "editor"), stored(app)
    question = asked(editor, "de", "fr")
    answer = answered(editor, question)
    assert [*field_errors(answer.text).values()] == ["Choose what happens to them."] * 2
    wrong = {**answers(question), fields_of(question)[f"Move {TWO} to"]: "fr"}
    answer = answered(editor, answer.text, **wrong)
    assert [*field_errors(answer.text).values()] == ["Choose another country."]
    assert stored(app) == before
    assert is_redirect(answered(editor, answer.text, **answers(question)))
    assert stored(app)["countries"] == ["it"]


def test_answer_about_several_is_about_the_records_of_the_question(console: With) -> None:
    app = countries(console)
    editor = logged_in(app, "editor")
    question = asked(editor, "de", "fr")
    with app.app_context():
        db.session.scalars(select(Supplier).where(Supplier.name == "Elm")).one().country_code = "it"
        db.session.commit()
    before = stored(app)
    answer = answered(editor, question, **answers(question))
    assert "There is 1 supplier now. Nothing was changed." in answer.text
    assert stored(app) == before


def test_record_that_changed_since_the_question_stops_all(console: With) -> None:
    app = countries(console)
    editor, other = logged_in(app, "editor"), logged_in(app, "editor")
    question = asked(editor, "de", "fr")
    address = f"{COUNTRIES}/edit/?id=fr"
    other.post(address, data={**record_form(other.get(address).text), "name": "La France"})
    before = stored(app)
    answered(editor, question, **answers(question))
    [(category, told)] = flashes(editor.get(f"{COUNTRIES}/").text)
    assert (category, "has changed since you opened this page" in told) == ("error", True)
    assert stored(app) == before


def test_nothing_is_offered_where_one_record_cannot_be_released(console: With) -> None:
    app = countries(console, Secretive)
    editor, before = logged_in(app, "editor"), stored(app)
    question = asked(editor, "de", "fr")
    assert "They can&#39;t be deleted: they are used by 2 suppliers and others that you" in question
    assert "Move" not in question
    answered(editor, question)
    assert stored(app) == before


def test_records_that_nothing_refers_to_are_deleted_as_usual(console: With) -> None:
    app = countries(console)
    editor = logged_in(app, "editor")
    question = asked(editor, "it")
    assert "refer" not in question.split("<main")[1]
    assert is_redirect(answered(editor, question))
    assert stored(app)["countries"] == ["de", "fr"]


def test_question_about_many_takes_a_handful_of_statements(
    console: With, count_queries: CountQueries
) -> None:
    app = countries(console)
    with app.app_context():
        more = [{"code": f"c{number}", "name": f"C{number}"} for number in range(200)]
        db.session.connection().execute(insert(Country), more)
        db.session.commit()
    change_elsewhere(app, Supplier, country_code="c7")
    editor = logged_in(app, "editor")
    keys = [f"c{number}" for number in range(200)]
    token = read(editor.get(f"{COUNTRIES}/").text).fields["csrf_token"]
    with count_queries() as counted:
        page = editor.post(ACTION, data={"csrf_token": token, "action": "delete", "rowid": keys}).text
    assert "2 suppliers refer to these countries." in page
    assert len(counted) <= 14
