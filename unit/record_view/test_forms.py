"""The forms of a mapped class: what is typed is stored, to the letter, and shown again as it was typed."""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, flashes, read, record_form
from unit.record_view.conftest import As
from unit.record_view.kinds import Grade, Supplier, Terms

pytestmark = pytest.mark.both_databases
AT = "/admin/own_suppliers"
TYPED = {
    "name": "Yew",
    "city": "Zürich",
    "terms": "net_60",
    "grade": "FIRST",
    "active": "no",
    "checked": "yes",
    "rating": "4.25",
    "limit": "1200.50",
    "since": "2026-02-28",
    "seen_at": "2026-02-28 09:30:15.000250",
    "called_at": "2026-02-28 09:30",
    "opens": "08:15",
    "lead": "36:00:05",
    "reference": "01234567-89ab-cdef-0123-456789abcdef",
    "extra": '{"sizes": [1, null, "ü"]}',
    "notes": "One\r\nTwo",
    "size": "12",
    "country_code": "Germany",
    "parent_id": "1",
}
STORED = {
    "name": "Yew",
    "city": "Zürich",
    "terms": Terms.net_60,
    "grade": Grade.FIRST,
    "active": False,
    "checked": True,
    "rating": 4.25,
    "limit": Decimal("1200.50"),
    "since": date(2026, 2, 28),
    "seen_at": datetime(2026, 2, 28, 9, 30, 15, 250),  # noqa: DTZ001 - its column has no zone
    "opens": time(8, 15),
    "lead": timedelta(hours=36, seconds=5),
    "reference": UUID("01234567-89ab-cdef-0123-456789abcdef"),
    "extra": {"sizes": [1, None, "ü"]},
    "notes": "One\nTwo",
    "size": 12,
    "country_code": "de",
    "parent_id": 1,
}


def create(client: FlaskClient, **fields: str) -> TestResponse:
    """The answer to the form of a new supplier."""
    form = record_form(client.get(f"{AT}/new/").text)
    return client.post(f"{AT}/new/", data={**form, **fields})


def edit(client: FlaskClient, key: int, **fields: str) -> TestResponse:
    """The answer to the form of a supplier, as it is shown but for `fields`."""
    address = f"{AT}/edit/?id={key}"
    return client.post(address, data={**record_form(client.get(address).text), **fields})


def supplier(app: Flask, name: str) -> Supplier:
    """A supplier, as it is stored."""
    with app.app_context():
        return db.session.scalars(select(Supplier).where(Supplier.name == name)).one()


def changes(app: Flask) -> int:
    """The number of changes in the history."""
    with app.app_context():
        return len(db.session.scalars(select(Change.id)).all())


def test_value_of_every_type_is_stored_as_typed_and_shown_again(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    answer = create(editor, **TYPED)
    assert field_errors(answer.text) == {}
    stored = supplier(suppliers, "Yew")
    assert {name: getattr(stored, name) for name in STORED} == STORED
    shown = record_form(editor.get(f"{AT}/edit/?id={stored.id}").text)
    again = {**TYPED, "notes": "One\nTwo", "country_code": "de"}
    assert {name: shown[name] for name in again if name != "extra"} == {
        name: text for name, text in again.items() if name != "extra"
    }


def test_fields_are_labelled_by_the_names_of_their_columns(as_role: As) -> None:
    labels = [
        label.text for label in read(as_role("editor").get(f"{AT}/new/").text).all("main")[0].all("label")
    ]
    assert labels == [
        *("Name", "City", "Terms", "Grade", "Active", "Checked", "Rating", "Limit", "Since", "Seen at"),
        *("Called at", "Opens", "Lead", "Reference", "Extra", "Notes", "Size", "Country", "Parent"),
    ]


def test_form_has_no_field_for_keys_secrets_bytes_and_computed_columns(as_role: As) -> None:
    names = set(record_form(as_role("editor").get(f"{AT}/new/").text))
    assert names == {*TYPED, "csrf_token", "dashboard-version", "dashboard-numbers"}


def test_saving_a_form_unchanged_changes_nothing_and_leaves_no_line(suppliers: Flask, as_role: As) -> None:
    editor = as_role("editor")
    create(editor, **TYPED)
    before, known = vars(supplier(suppliers, "Yew")), changes(suppliers)
    assert is_redirect(edit(editor, before["id"]))
    after = vars(supplier(suppliers, "Yew"))
    assert {k: v for k, v in after.items() if k[0] != "_"} == {k: v for k, v in before.items() if k[0] != "_"}
    assert changes(suppliers) == known


def test_number_that_others_could_misread_is_shown_so_that_it_can_be_sent(
    suppliers: Flask, as_role: As
) -> None:
    editor = as_role("editor")
    create(editor, **{**TYPED, "rating": "1,1250"})
    key = supplier(suppliers, "Yew").id
    shown = record_form(editor.get(f"{AT}/edit/?id={key}").text)
    assert shown["rating"] == "1.1250"
    assert is_redirect(edit(editor, key, name="Fir"))
    assert supplier(suppliers, "Fir").rating == 1.125


def test_blank_fields_are_null_and_leave_defaults_to_the_database(suppliers: Flask, as_role: As) -> None:
    assert is_redirect(create(as_role("editor"), name="Fir", size=""))
    stored = supplier(suppliers, "Fir")
    assert (stored.size, stored.terms, stored.active) == (3, Terms.net_30, True)
    blank = ("city", "grade", "checked", "rating", "limit", "since", "extra", "notes", "parent_id")
    assert {getattr(stored, name) for name in blank if name != "extra"} == {None}
    assert stored.extra is None


@pytest.mark.parametrize(
    ("field", "text", "error"),
    [
        ("name", "", "Enter the name."),
        ("name", "x" * 81, "Use at most 80 characters; this has 81."),
        ("name", "Elm", "This name is already in use."),
        ("terms", "never", "Choose one of these."),
        ("rating", "much", "Enter a number, such as 12.5."),
        ("rating", "inf", "Enter a number, such as 12.5."),
        ("limit", "0.005", "Use at most 2 digits after the point."),
        ("limit", "1.200", "1.200 can mean 1200 or 1.2. Type 1200 or 1.2."),
        ("limit", "1e30", "Enter a smaller number."),
        ("since", "31.3.2026", "Enter a date, such as 2026-03-31."),
        ("seen_at", "yesterday", "Enter a date and a time, such as 2026-03-31 09:30."),
        ("opens", "late", "Enter a time, such as 09:30."),
        ("lead", "1:2:3:4", "Enter hours, minutes and seconds, such as 1:30:00."),
        ("reference", "1", "Enter a UUID, such as 01234567-89ab-cdef-0123-456789abcdef."),
        ("extra", "{", 'Enter JSON, such as {"size": 3}.'),
        ("size", "1.5", "Enter a whole number, such as 12."),
        ("size", "2147483648", "Enter a number from -2,147,483,648 to 2,147,483,647."),
        ("country_code", "Nowhere", "No country is called “Nowhere”."),
        ("parent_id", "99", "No supplier is called “99”."),
        ("parent_id", "\0", "No supplier is called that."),
        ("notes", "x" * 20_001, "Use at most 5,000 characters; this has 20,001."),
    ],
)
def test_value_that_cannot_be_is_refused_at_its_field_and_kept(
    suppliers: Flask, as_role: As, field: str, text: str, error: str
) -> None:
    editor = as_role("editor")
    known = changes(suppliers)
    answer = create(editor, **{"name": "Yew", field: text})
    assert answer.status_code == 200
    assert field_errors(answer.text) == {field: error}
    if field not in ("terms", "country_code", "parent_id", "notes"):
        assert record_form(answer.text)[field] == text
    assert changes(suppliers) == known


def test_two_users_who_change_different_fields_are_merged(suppliers: Flask, as_role: As) -> None:
    one, other = as_role("editor"), as_role("admin")
    address = f"{AT}/edit/?id=1"
    mine = record_form(one.get(address).text)
    assert is_redirect(edit(other, 1, city="Berlin"))
    merge = one.post(address, data={**mine, "rating": "3"})
    assert merge.status_code == 409
    assert is_redirect(one.post(address, data=record_form(merge.text)))
    stored = supplier(suppliers, "Oak & Sons")
    assert (stored.city, stored.rating) == ("Berlin", 3.0)


def test_change_by_another_program_is_a_conflict_too(suppliers: Flask, as_role: As) -> None:
    editor, address = as_role("editor"), f"{AT}/edit/?id=1"
    mine = record_form(editor.get(address).text)
    with suppliers.app_context():
        table = Supplier.__table__
        db.session.connection().execute(table.update().where(table.c.id == 1).values(city="Rome"))
        db.session.commit()
    merge = editor.post(address, data={**mine, "city": "Paris"})
    assert merge.status_code == 409
    choices = read(merge.text).all("input", type="radio", name="city")
    assert [each.attributes["value"] for each in choices] == ["Paris", "Rome", "Bonn"]
    assert supplier(suppliers, "Oak & Sons").city == "Rome"


def test_message_names_the_record_by_its_title(as_role: As) -> None:
    editor = as_role("editor")
    create(editor, name="Yew")
    assert flashes(editor.get(f"{AT}/").text) == [("success", "Supplier “Yew” created.")]


def test_hidden_record_cannot_be_referred_to(as_role: As) -> None:
    answer = create(as_role("editor"), name="Yew", country_code="de' OR 1=1")
    assert field_errors(answer.text)["country_code"] == "No country is called “de' OR 1=1”."


def test_viewers_get_no_form(as_role: As) -> None:
    viewer: Any = as_role("viewer")
    pages = ("new/", "edit/?id=1", "delete/?id=1")
    assert {viewer.get(f"{AT}/{page}").status_code for page in pages} == {403}
