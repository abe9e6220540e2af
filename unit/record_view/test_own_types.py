"""Columns with types of an application: typed by what they store, shown, recorded, undone and restored."""

from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.stored import confirm
from unit.record_view.tints import EDIT, PAINTS, RED, Base, Finish, Paint, Tint, paint

pytestmark = pytest.mark.both_databases
STORED = ("Red", Tint("#ff0000"), None, Finish.MATT, "oak", "R1", "2026-03-31 09:30:00")


@pytest.fixture
def paints(settings: Settings) -> Iterator[Flask]:
    """A console with a red paint, which was created by its form."""
    with console_over(settings, plugin(lambda: RecordView(Paint)), Base) as app:
        client = logged_in(app, "editor")
        fields = record_form(client.get(f"{PAINTS}/new/").text)
        assert is_redirect(client.post(f"{PAINTS}/new/", data={**fields, **RED}))
        yield app


@pytest.fixture
def editor(paints: Flask) -> FlaskClient:
    """A browser of an editor, who has read the messages."""
    client = logged_in(paints, "editor")
    client.get(f"{PAINTS}/")
    return client


def save(client: FlaskClient, **fields: str) -> TestResponse:
    return client.post(EDIT, data={**record_form(client.get(EDIT).text), **fields})


def undo(client: FlaskClient) -> TestResponse:
    forms = read(client.get(f"{PAINTS}/").text).all("form")
    [found] = [each for each in forms if "undo" in each.attributes.get("action", "")]
    return client.post(found.attributes["action"], data=found.fields)


def test_form_writes_the_values_that_the_type_makes_of_the_texts(paints: Flask) -> None:
    assert paint(paints) == STORED


def test_form_shows_the_texts_that_are_stored(editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    assert {name: fields[name] for name in RED} == {**RED, "brand": "oak", "code": "R1"}
    assert fields["second"] == ""


def test_unchanged_save_writes_nothing(editor: FlaskClient) -> None:
    before = editor.get(f"{PAINTS}/history/?id=1").text.count("<article")
    save(editor)
    assert editor.get(f"{PAINTS}/history/?id=1").text.count("<article") == before


@pytest.mark.parametrize("field", ["tint", "finish"])
def test_text_that_the_type_refuses_is_an_error(paints: Flask, editor: FlaskClient, field: str) -> None:
    answer = save(editor, **{field: "9"})
    assert field_errors(answer.text) == {field: "Enter a valid value."}
    assert paint(paints) == STORED


def test_text_is_bounded_by_what_is_stored(editor: FlaskClient) -> None:
    assert field_errors(save(editor, code="x" * 9).text) == {"code": "Use at most 8 characters; this has 9."}


def test_change_is_told_and_undone(paints: Flask, editor: FlaskClient) -> None:
    assert is_redirect(save(editor, tint="#00ff00", second="#0000ff", finish="2", code="r2"))
    assert paint(paints)[1:4] == (Tint("#00ff00"), Tint("#0000ff"), Finish.HIGH_GLOSS)
    told = read(editor.get(f"{PAINTS}/history/?id=1").text).all("main")[0].text
    assert "tint #ff0000" in told
    assert "High gloss" in told
    undo(editor)
    assert paint(paints) == STORED


def test_deleted_record_is_restored_to_the_letter(paints: Flask, editor: FlaskClient) -> None:
    assert is_redirect(confirm(editor, f"{PAINTS}/delete/?id=1"))
    undo(editor)
    assert paint(paints) == STORED


@pytest.mark.parametrize("page", ["/", "/details/?id=1"])
def test_pages_show_the_values(editor: FlaskClient, page: str) -> None:
    text = read(editor.get(f"{PAINTS}{page}").text).all("main")[0].text
    assert "tint #ff0000" in text
    assert "Matt" in text


def test_file_has_the_texts_that_are_stored(editor: FlaskClient) -> None:
    assert "1,Red,#ff0000,,1,oak,R1," in editor.get(f"{PAINTS}/export/csv/").text


def test_conflict_names_both_values(paints: Flask, editor: FlaskClient) -> None:
    fields = record_form(editor.get(EDIT).text)
    save(editor, tint="#00ff00")
    answer = editor.post(EDIT, data={**fields, "tint": "#0000ff"})
    assert answer.status_code == 409
    assert "#00ff00" in answer.text
