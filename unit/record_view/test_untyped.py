"""Stored values whose text nobody can type, such as infinity: they stay while the rest of a form is saved."""

import math

import pytest
from flask import Flask

from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, record_form
from unit.record_view.conftest import As
from unit.record_view.kinds import Supplier
from unit.record_view.stored import SUPPLIERS, change_elsewhere, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=2"


@pytest.fixture
def infinite(suppliers: Flask) -> Flask:
    """A console whose suppliers have an infinite rating."""
    change_elsewhere(suppliers, Supplier, rating=math.inf)
    return suppliers


def test_other_fields_are_saved_beside_it(infinite: Flask, as_role: As) -> None:
    editor = as_role("editor")
    form = record_form(editor.get(EDIT).text)
    assert form["rating"] == "inf"
    assert is_redirect(editor.post(EDIT, data={**form, "city": "Rome"}))
    assert [(row["city"], row["rating"]) for row in rows(infinite, Supplier)][1] == ("Rome", math.inf)


@pytest.mark.parametrize(("typed", "stored"), [("2.5", 2.5), ("", None)])
def test_it_is_replaced(infinite: Flask, as_role: As, typed: str, stored: float | None) -> None:
    editor = as_role("editor")
    form = record_form(editor.get(EDIT).text)
    assert is_redirect(editor.post(EDIT, data={**form, "rating": typed}))
    assert rows(infinite, Supplier)[1]["rating"] == stored


def test_it_cannot_be_typed_for_another_record(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    answer = editor.post(EDIT, data={**record_form(editor.get(EDIT).text), "rating": "inf"})
    assert field_errors(answer.text) == {"rating": "Enter a number, such as 12.5."}


def test_change_by_another_editor_is_still_found(infinite: Flask, as_role: As) -> None:
    editor = as_role("editor")
    form = record_form(editor.get(EDIT).text)
    change_elsewhere(infinite, Supplier, rating=1.5)
    answer = editor.post(EDIT, data={**form, "rating": "3.5"})
    assert answer.status_code == 409
    assert rows(infinite, Supplier)[1]["rating"] == 1.5
