"""Deleting a record that others refer to: they are moved to another one, or cleared."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select

from dashboard.admin.record_view.deletion.holders import MOST_RELEASED
from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import As, Secretive, With, logged_in
from unit.record_view.deleting import Branch, answered, branches, fields_of, stored, undone
from unit.record_view.kinds import Supplier
from unit.record_view.stored import COUNTRIES, SUPPLIERS, rows

pytestmark = pytest.mark.both_databases


def test_what_refers_to_a_deleted_record_is_cleared_or_moved(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de"
    question = editor.get(address).text
    assert "1 supplier and 2 branches refer to it. Choose what happens to them." in question
    names = fields_of(question)
    answers = {
        names["1 supplier (Country)"]: "clear",
        names["2 branches (Country)"]: "move",
        names["Move 2 branches (Country) to"]: "fr",
    }
    assert is_redirect(answered(editor, address, **answers))
    assert stored(app) == {
        "countries": ["fr"],
        "suppliers": [None, None],
        "branches": [(1, "fr"), (1, "fr")],
    }
    page = editor.get(f"{COUNTRIES}/").text
    assert "Country “Germany” deleted. 1 supplier changed, 2 branches changed." in page
    with app.app_context():
        sets = db.session.scalars(select(Change.change_set_id).order_by(Change.id.desc())).all()
        assert len(set(sets[:4])) == 1
        assert verify(db.session).faults == []


def test_one_undo_restores_the_record_and_what_referred_to_it(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address, before = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de", stored(app)
    names = fields_of(editor.get(address).text)
    answers = {
        names["1 supplier (Country)"]: "clear",
        names["2 branches (Country)"]: "move",
        names["Move 2 branches (Country) to"]: "fr",
    }
    answered(editor, address, **answers)
    undone(editor, f"{COUNTRIES}/")
    assert stored(app) == before
    with app.app_context():
        assert verify(db.session).faults == []


def test_deleted_record_is_not_offered_instead_of_itself(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    with app.app_context():
        db.session.add(Supplier(name="Ash", parent_id=1))
        db.session.commit()
    question = read(logged_in(app, "editor").get(f"{SUPPLIERS}/delete/?id=1").text)
    offered = {each.attributes["name"]: each.text for each in question.all("main")[0].all("select")}
    moved = [text for name, text in offered.items() if name.startswith("to-")]
    assert sorted(moved) == ["Choose another supplier Ash Elm", "Choose another supplier Elm"]


def test_reference_that_is_needed_can_only_be_moved(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address, before = logged_in(app, "editor"), f"{SUPPLIERS}/delete/?id=1", stored(app)
    names = fields_of(editor.get(address).text)
    assert [*names] == ["Move 2 branches (Supplier) to"]
    [to] = names.values()
    for wrong in ("", "1", "99", "nobody"):
        answer = answered(editor, address, **{to: wrong})
        assert answer.status_code == 200
        assert to in field_errors(answer.text)
    assert stored(app) == before
    assert is_redirect(answered(editor, address, **{to: "Elm"}))
    assert [supplier for supplier, _ in stored(app)["branches"]] == [2, 2]
    undone(editor, f"{SUPPLIERS}/")
    assert stored(app) == before


def test_question_is_asked_again_until_it_is_answered(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address, before = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de", stored(app)
    answer = answered(editor, address)
    wanted = ["Choose what happens to it.", "Choose what happens to them."]
    assert sorted(field_errors(answer.text).values()) == wanted
    form = record_form(editor.get(address).text)
    with app.app_context():
        db.session.add(Branch(name="New", supplier_id=1, country_code="de"))
        db.session.commit()
    names = fields_of(editor.get(address).text)
    clear = {names["1 supplier (Country)"]: "clear", names["3 branches (Country)"]: "clear"}
    answer = editor.post(address, data={**form, **clear})
    assert "There are 3 branches now. Nothing was changed. Check and try again." in answer.text
    assert stored(app)["countries"] == before["countries"]
    assert is_redirect(editor.post(address, data={**record_form(answer.text), **clear}))
    assert stored(app)["countries"] == ["fr"]


def test_answer_is_about_the_records_that_the_question_showed(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de"
    form = record_form(editor.get(address).text)
    names = fields_of(editor.get(address).text)
    clear = {names["1 supplier (Country)"]: "clear", names["2 branches (Country)"]: "clear"}
    with app.app_context():  # one supplier leaves the country and another one comes
        oak, elm = db.session.scalars(select(Supplier).order_by(Supplier.id))
        oak.country_code, elm.country_code = None, "de"
        db.session.commit()
    before = stored(app)
    answer = editor.post(address, data={**form, **clear})
    assert "Other records refer to it now: 1 supplier. Nothing was changed." in answer.text
    assert stored(app) == before
    assert is_redirect(editor.post(address, data={**record_form(answer.text), **clear}))


def test_answer_without_the_records_of_the_question_is_asked_again(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    editor, address, before = logged_in(app, "editor"), f"{SUPPLIERS}/delete/?id=1", stored(app)
    question = editor.get(address).text
    [to] = fields_of(question).values()
    form = record_form(question)
    [held] = [name for name in form if name.startswith("held")]
    for forged in ("", "2", "x.y", "W10.x"):
        answer = editor.post(address, data={**form, to: "2", held: forged})
        assert "There are 2 branches now. Nothing was changed. Check and try again." in answer.text
        assert stored(app) == before
    other = record_form(editor.get(f"{COUNTRIES}/delete/?id=de").text)
    for another in {text for name, text in other.items() if name.startswith("held")}:
        editor.post(address, data={**form, to: "2", held: another})
        assert stored(app) == before


def test_nothing_is_offered_where_the_role_may_not_change_what_refers(console: With) -> None:
    app = branches(console, lambda: Secretive(Branch))
    editor = logged_in(app, "editor")
    before, question = stored(app), editor.get(f"{COUNTRIES}/delete/?id=de").text
    told = "It can&#39;t be deleted: it is used by 1 supplier and others that you may not see."
    assert told in question
    assert "branch" not in question
    assert "Move" not in question
    editor.post(f"{COUNTRIES}/delete/?id=de", data=record_form(question))
    assert stored(app) == before


def test_rows_without_a_screen_keep_a_record(console: With) -> None:
    app = branches(console)
    question = logged_in(app, "editor").get(f"{COUNTRIES}/delete/?id=de").text
    assert "2 rows of own_branches" in question
    assert "Move" not in question


def test_more_records_than_a_bound_are_left_to_a_bulk_edit(console: With) -> None:
    app = branches(console, lambda: RecordView(Branch))
    with app.app_context():
        more = [{"name": "More", "supplier_id": 1, "country_code": "de"}] * MOST_RELEASED
        db.session.connection().execute(insert(Branch), more)
        db.session.commit()
    question = logged_in(app, "editor").get(f"{COUNTRIES}/delete/?id=de").text
    assert "502 branches" in question
    assert "Move" not in question


def test_hook_refuses_the_whole_deletion(console: With) -> None:
    class Rule(RecordView):
        def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
            raise ValueError("Branches stay where they are.")

    app = branches(console, lambda: Rule(Branch))
    editor, address, before = logged_in(app, "editor"), f"{COUNTRIES}/delete/?id=de", stored(app)
    names = fields_of(editor.get(address).text)
    clear = {names["1 supplier (Country)"]: "clear", names["2 branches (Country)"]: "clear"}
    answered(editor, address, **clear)
    assert "Branches stay where they are." in editor.get(f"{COUNTRIES}/").text
    assert stored(app) == before


def test_child_cannot_become_its_own_parent(as_role: As, suppliers: Flask) -> None:
    editor, address = as_role("editor"), f"{SUPPLIERS}/delete/?id=1"
    names = fields_of(editor.get(address).text)
    move = {names["1 supplier (Parent)"]: "move", names["Move 1 supplier (Parent) to"]: "4"}
    answer = answered(editor, address, **move)
    assert [*field_errors(answer.text).values()] == ["Choose another supplier."]
    assert is_redirect(answered(editor, address, **{**move, names["Move 1 supplier (Parent) to"]: "2"}))
    assert [row["parent_id"] for row in rows(suppliers, Supplier)] == [None, None, 2]
