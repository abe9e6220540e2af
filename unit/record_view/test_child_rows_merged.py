"""Two users who have the form of one club with its members open."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.clubs import EDIT, edit, members, named
from unit.record_view.conftest import logged_in

pytestmark = pytest.mark.both_databases


@pytest.fixture
def other(clubs: Flask, editor: FlaskClient) -> Callable[..., TestResponse]:
    """`other(mine, theirs)` is the answer to `mine`, typed before the other user saved `theirs`."""
    admin = logged_in(clubs, "admin")

    def other(mine: dict[str, str], theirs: dict[str, str]) -> TestResponse:
        opened = record_form(editor.get(EDIT).text)
        assert is_redirect(edit(admin, **theirs))
        return editor.post(EDIT, data={**opened, **named(mine)})

    return other


def test_users_who_change_different_rows_are_merged(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    merge = other({"members_1_name": "Bo"}, {"members_2_name": "Anne"})
    assert merge.status_code == 409
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert members(clubs) == ["Anne", "Bo"]


def test_users_who_change_the_same_field_of_a_row_choose(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    merge = other({"members_1_name": "Bo"}, {"members_1_name": "Bobby"})
    assert merge.status_code == 409
    choices = read(merge.text).all("input", type="radio", name="members-1-name")
    assert [each.attributes["value"] for each in choices] == ["Bo", "Bobby", "Bob"]
    chosen = {**record_form(merge.text), "members-1-name": "Bo"}
    assert is_redirect(editor.post(EDIT, data=chosen))
    assert members(clubs) == ["Ann", "Bo"]


def test_users_who_add_rows_both_keep_theirs(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    answer = other({"members_new1_name": "Cleo"}, {"members_new1_name": "Dan"})
    assert is_redirect(answer)
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo", "Dan"]


def test_new_row_comes_through_a_merge(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    merge = other({"members_new1_name": "Cleo"}, {"name": "Chess club"})
    assert merge.status_code == 409
    assert is_redirect(editor.post(EDIT, data=record_form(merge.text)))
    assert sorted(members(clubs)) == ["Ann", "Bob", "Cleo"]


def test_row_that_one_removes_and_the_other_changes_is_left_to_choice(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    merge = other({"members_1_remove": "y"}, {"members_1_name": "Bobby"})
    assert merge.status_code == 409
    choices = read(merge.text).all("input", type="radio", name="members-1-remove")
    assert [each.attributes["value"] for each in choices] == ["y", ""]
    kept = {**record_form(merge.text), "members-1-name": "Bobby", "members-1-remove": ""}
    assert is_redirect(editor.post(EDIT, data=kept))
    assert members(clubs) == ["Ann", "Bobby"]


def test_row_that_the_other_removed_stays_removed(clubs: Flask, other: Callable[..., TestResponse]) -> None:
    assert is_redirect(other({"name": "Chess!"}, {"members_1_remove": "y"}))
    assert members(clubs) == ["Ann"]


def test_text_typed_into_a_row_that_the_other_removed_is_not_lost(
    clubs: Flask, editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    answer = other({"members_1_name": "Bo"}, {"members_1_remove": "y"})
    assert answer.status_code == 200
    assert field_errors(answer.text)["members-1-remove"].startswith("Another user removed this row.")
    again = record_form(answer.text)
    assert again["members-1-name"] == "Bo"
    assert is_redirect(editor.post(EDIT, data={**again, "members-1-remove": "y"}))
    assert members(clubs) == ["Ann"]


def test_text_typed_into_a_removed_row_comes_through_a_merge(
    editor: FlaskClient, other: Callable[..., TestResponse]
) -> None:
    merge = other({"members_1_name": "Bo"}, {"members_1_remove": "y", "name": "Chess club"})
    assert merge.status_code == 409
    answer = editor.post(EDIT, data=record_form(merge.text))
    assert record_form(answer.text)["members-1-name"] == "Bo"
