"""A form that is sent twice, by a double click or after going back, adds its new rows once."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.record_view.clubs import CLUBS, EDIT, edit, members, named
from unit.record_view.conftest import logged_in

pytestmark = pytest.mark.both_databases


@pytest.fixture
def form(editor: FlaskClient) -> dict[str, str]:
    """The form of the first club with two new members, as an editor opened it."""
    typed = named({"members_new1_name": "Cleo", "members_new2_name": "Dan", "members_new2_place": "7"})
    return {**record_form(editor.get(EDIT).text), **typed}


def test_form_that_is_sent_twice_adds_its_rows_once(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    for _ in range(3):
        assert is_redirect(editor.post(EDIT, data=form))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Dan"]


def test_form_that_is_sent_twice_with_more_rows_adds_these(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    editor.post(EDIT, data=form)
    assert is_redirect(editor.post(EDIT, data={**form, "members-+3-name": "Eve", "members-+2-place": "8"}))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Dan", "Dan", "Eve"]


def test_equal_rows_of_one_form_are_all_added(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    form = {**form, **named({"members_new2_name": "Cleo", "members_new2_place": ""})}
    for _ in range(2):
        assert is_redirect(editor.post(EDIT, data=form))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Cleo"]


def test_rows_come_once_through_a_merge_of_a_form_sent_twice(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    editor.post(EDIT, data={**form, "name": "Chess!"})
    merge = editor.post(EDIT, data={**form, "name": "Chess?"})
    assert merge.status_code == 409
    chosen = {**record_form(merge.text), "name": "Chess?"}
    assert is_redirect(editor.post(EDIT, data=chosen))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Dan"]


def test_equal_row_of_another_user_is_a_row_of_its_own(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    assert is_redirect(edit(logged_in(clubs, "admin"), members_new1_name="Cleo"))
    assert is_redirect(editor.post(EDIT, data=form))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Cleo", "Dan"]


def test_equal_row_of_a_form_that_was_opened_later_is_added(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    editor.post(EDIT, data=form)
    assert is_redirect(edit(editor, members_new1_name="Cleo"))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Cleo", "Dan"]


def test_rows_that_were_undone_are_added_again(
    clubs: Flask, editor: FlaskClient, form: dict[str, str]
) -> None:
    editor.post(EDIT, data=form)
    [undo] = [
        each
        for each in read(editor.get(f"{CLUBS}/").text).all("form")
        if each.attributes["action"].endswith("/undo/")
    ]
    editor.post(undo.attributes["action"], data=undo.fields)
    assert sorted(members(clubs)) == ["Ann", "Bob"]
    assert is_redirect(editor.post(EDIT, data=form))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Dan"]
