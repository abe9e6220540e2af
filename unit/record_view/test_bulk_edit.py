"""Editing many records of a mapped class together."""

from typing import Any

import pytest
from flask import Flask

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import As, Guarded, With, logged_in
from unit.record_view.kinds import Country, Memo, Supplier
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases


def test_fields_are_set_or_cleared_on_the_chosen_records_alone(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    changes = {"city-how": "clear", "active-how": "set", "active": "no", "limit-how": "set", "limit": "7,50"}
    preview = edit(editor, 1, 3, **changes)
    assert field_errors(preview.text) == {}
    assert "Oak & Sons" in read(preview.text).all("main")[0].text
    assert is_redirect(confirmed(editor, preview))
    stored = [(row["city"], row["active"], row["limit"]) for row in rows(suppliers, Supplier)]
    assert [(city, active, str(limit)) for city, active, limit in stored] == [
        (None, False, "7.50"),
        (None, False, "None"),
        (None, False, "7.50"),
        (None, True, "None"),
    ]


@pytest.mark.parametrize(
    ("changes", "errors"),
    [
        ({"city": "Rome"}, {"city-how": "Choose what to do with Rome."}),
        ({"limit-how": "set", "limit": "x"}, {"limit": "Enter a number, such as 12.50."}),
        (
            {"limit-how": "set", "limit": "1,200"},
            {"limit": "1,200 can mean 1200 or 1.2. Type 1200 or 1.2."},
        ),
        ({"terms-how": "set", "terms": "never"}, {"terms": "Choose one of these."}),
        ({}, {}),
    ],
)
def test_form_that_cannot_be_previewed_is_shown_again(
    suppliers: Flask, as_role: As, changes: dict[str, str], errors: dict[str, str]
) -> None:
    before = rows(suppliers, Supplier)
    answer = edit(as_role("editor"), 1, 2, **changes)
    assert field_errors(answer.text) == errors
    assert errors or "Choose what to change." in answer.text
    assert rows(suppliers, Supplier) == before


def test_columns_called_like_controls_are_saved_and_break_no_page(console: With) -> None:
    app = console(lambda: RecordView(Memo))
    with app.app_context():
        db.session.add(Memo(name="Oak"))
        db.session.commit()
    editor = logged_in(app, "editor")
    address, names = "/admin/own_memos/edit/?id=1", ("note", "action", "review", "opened", "confirm")
    typed = dict.fromkeys((*names, "next", "updated_at"), "typed")
    form = record_form(editor.get(address).text)
    assert is_redirect(editor.post(address, data={**form, **typed}))
    assert {name: rows(app, Memo)[0][name] for name in typed} == typed
    token = read(editor.get("/admin/own_memos/").text).fields["csrf_token"]
    chosen = {"csrf_token": token, "action": "edit", "rowid": "1"}
    page = editor.post("/admin/own_memos/action/", data=chosen)
    fields = record_form(page.text).to_dict(flat=False)
    preview = editor.post("/admin/own_memos/action/", data={**fields, "place-how": "set", "place": "Here"})
    sent = record_form(preview.text).to_dict(flat=False)
    assert is_redirect(editor.post("/admin/own_memos/action/", data={**sent, "confirm": "1"}))
    [row] = rows(app, Memo)
    assert (row["place"], row["note"], row["action"]) == ("Here", "typed", "typed")


def test_no_one_value_is_set_in_a_field_of_which_each_record_has_its_own(as_role: As) -> None:
    form: Any = edit(as_role("editor"), 1, 2)
    [name] = read(form.text).all("select", name="name-how")
    assert [each.attributes["value"] for each in name.all("option")] == ["", "replace", "before", "after"]
    [city] = read(form.text).all("select", name="city-how")
    assert [each.attributes["value"] for each in city.all("option")][1] == "set"


def test_hook_that_refuses_one_record_changes_none(guarded: Flask) -> None:
    editor, before = logged_in(guarded, "editor"), rows(guarded, Supplier)
    preview = edit(editor, 1, **{"rating-how": "set", "rating": "6"})
    answer = confirmed(editor, preview)
    assert "“Oak”: A rating is at most 5." in answer.text
    assert record_form(answer.text)["rating"] == "6"
    assert rows(guarded, Supplier) == before
    assert Guarded.called == []


class Unseen(RecordView):
    """Countries that nobody sees."""

    def get_query(self) -> Any:
        return super().get_query().filter(Country.code == "")


def test_reference_that_the_user_may_not_see_stays_as_it_is(console: With) -> None:
    app = console(lambda: RecordView(Supplier), lambda: Unseen(Country))
    with app.app_context():
        db.session.add(Country(code="de", name="Germany"))
        db.session.flush()
        db.session.add_all([Supplier(name="Oak", country_code="de"), Supplier(name="Elm")])
        db.session.commit()
    editor = logged_in(app, "editor")
    assert is_redirect(confirmed(editor, edit(editor, 1, 2, **{"active-how": "set", "active": "no"})))
    stored = [(row["active"], row["country_code"]) for row in rows(app, Supplier)]
    assert stored == [(False, "de"), (False, None)]
