"""Choices that a view declares for columns of any type, wherever the column has a field."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.bulk_editing import confirmed, edit
from unit.record_view.conftest import With, logged_in, with_supplier
from unit.record_view.kinds import Country, Grade, Supplier, Terms
from unit.record_view.stored import COUNTRIES, SUPPLIERS, cell_of, rows

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=1"
CHOICES: dict[str, tuple[Any, Any, str]] = {
    "city": ("Bonn", "On two\nlines", "On two\nlines"),
    "terms": (Terms.net_60, Terms.net_30, "net_30"),
    "grade": (Grade.FIRST, Grade.SECOND, "SECOND"),
    "active": (True, False, "no"),
    "checked": (True, False, "no"),
    "rating": (1.5, 1e-7, "1e-07"),
    "limit": (Decimal("1.50"), Decimal("1000"), "1000.00"),
    "since": (date(2026, 3, 31), date(1999, 12, 31), "1999-12-31"),
    "seen_at": (
        datetime.fromisoformat("2026-03-31 09:30"),
        datetime.fromisoformat("1999-12-31"),
        "1999-12-31 00:00",
    ),
    "called_at": (
        datetime(2026, 3, 31, 9, 30, tzinfo=UTC),
        datetime(1999, 12, 31, tzinfo=UTC),
        "1999-12-31 00:00",
    ),
    "opens": (time(9, 30), time(8, 15, 30), "08:15:30"),
    "lead": (timedelta(days=2), timedelta(days=1, seconds=5), "24:00:05"),
    "reference": (UUID(int=1), UUID(int=2), str(UUID(int=2))),
    "extra": ({"a": 1}, {"b": [1, 2]}, '{\n "b": [\n  1,\n  2\n ]\n}'),
    "size": (3, 4, "4"),
}
"""For each column a choice, another value, and the text of that one."""


class Own(RecordView):
    """Suppliers with a choice for a column of each type."""

    column_list = ("name", "notes", *CHOICES)
    column_editable_list = ("notes",)
    form_choices = {name: [(value, "The choice")] for name, (value, _, _) in CHOICES.items()}  # noqa: RUF012


@pytest.fixture(params=[0, 1], ids=["chosen", "other"])
def app(request: pytest.FixtureRequest, console: With) -> Flask:
    """A console with a supplier whose values are all choices, or all others."""
    values = {name: each[request.param] for name, each in CHOICES.items()}
    return with_supplier(console, Own, **values)


def by_form(editor: FlaskClient) -> Any:
    """Change the notes in the form of the record."""
    return editor.post(EDIT, data={**record_form(editor.get(EDIT).text), "notes": "New"})


def by_cell(editor: FlaskClient) -> Any:
    """Change the notes in the list."""
    return editor.post(f"{SUPPLIERS}/cell/", data=cell_of(editor, SUPPLIERS, "notes", "New"))


def by_edit_of_many(editor: FlaskClient) -> Any:
    """Change the notes in the form for many records."""
    return confirmed(editor, edit(editor, 1, **{"notes-how": "set", "notes": "New"}))


def by_row(editor: FlaskClient) -> Any:
    """Change the notes in a row in the form of the country."""
    address = f"{COUNTRIES}/edit/?id=de"
    fields = record_form(editor.get(address).text)
    [name] = [each for each in fields if each.endswith("-1-notes") and "+" not in each]
    return editor.post(address, data={**fields, name: "New"})


@pytest.mark.parametrize("change", [by_form, by_cell, by_edit_of_many, by_row])
def test_other_fields_can_be_changed(app: Flask, change: Callable[[FlaskClient], Any]) -> None:
    [before] = rows(app, Supplier)
    answer = change(logged_in(app, "editor"))
    assert answer.status_code in (200, 302, 303), answer.text
    assert rows(app, Supplier) == [{**before, "notes": "New"}]


def test_reference_of_a_record_with_choices_is_cleared_with_a_deletion(app: Flask) -> None:
    [before], editor = rows(app, Supplier), logged_in(app, "editor")
    address = f"{COUNTRIES}/delete/?id=de"
    fields = record_form(editor.get(address).text)
    assert is_redirect(editor.post(address, data={**fields, "how-0": "clear"}))
    assert rows(app, Supplier) == [{**before, "country_code": None}]


def test_stored_value_is_chosen_and_any_choice_can_be_chosen(app: Flask) -> None:
    editor = logged_in(app, "editor")
    page = editor.get(EDIT).text
    shown, chosen = record_form(page), {}
    for name, (_, _, text) in CHOICES.items():
        texts = {
            option.text: option.attributes["value"]
            for option in read(page).all("select", id=name)[0].all("option")
        }
        assert shown[name] in (texts["The choice"], text)
        chosen[name] = texts["The choice"]
    assert is_redirect(editor.post(EDIT, data={**shown, **chosen}))
    [row] = rows(app, Supplier)
    stored = {name: row[name] for name in CHOICES}
    expected = {name: value for name, (value, _, _) in CHOICES.items()}
    assert {**stored, "called_at": None} == {**expected, "called_at": None}


class OfCountries(RecordView):
    """Suppliers whose country is one of a few."""

    form_choices = {"country": [("de", "Home")]}  # noqa: RUF012


def test_choices_of_a_reference_are_its_only_records(console: With) -> None:
    app = console(lambda: OfCountries(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code=code, name=code.upper()) for code in ("de", "fr", "it")])
        db.session.flush()
        db.session.add(Supplier(name="Oak", country_code="fr"))
        db.session.commit()
    editor = logged_in(app, "editor")
    [field] = read(page := editor.get(EDIT).text).all("select", id="country_code")
    assert [option.text for option in field.all("option")] == ["Not set", "Home", "fr"]
    assert field_errors(editor.post(EDIT, data={**record_form(page), "country_code": "it"}).text)
    assert is_redirect(editor.post(EDIT, data={**record_form(page), "country_code": "de"}))
    assert rows(app, Supplier)[0]["country_code"] == "de"
