"""The values of records of a plug-in, as the history shows them."""

import sys
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.models import Action
from dashboard.history.recording import Entry, record
from unit.admin import own_kinds
from unit.admin.ledger import Write, details, diffs, whats
from unit.admin.own_kinds import (
    CODE,
    LARGE,
    PERSON,
    Animal,
    Base,
    Dog,
    Guest,
    Parcel,
    Voucher,
    deleting,
    giving,
    storing,
    unrecorded,
)
from unit.admin.reading import read
from unit.conftest import ClientAs
from unit.consoles import console_over

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """A console with the kinds of the plug-in."""
    with console_over(settings, sys.modules[own_kinds.__name__], Base) as app:
        yield app


def test_value_is_shown_in_its_unit_at_that_time(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code=CODE, label="Oak", worth=5), Voucher(code="B", label="Elm", worth=5)))
    first = write(lambda: (giving(Voucher, CODE, worth=6)(), giving(Voucher, "B", worth=7)()))
    write(giving(Voucher, CODE, unit="USD"))
    last = write(giving(Voucher, CODE, worth=8))
    assert diffs(details(viewer, first)) == [("Worth", "5 EUR → 6 EUR"), ("Worth", "5 EUR → 7 EUR")]
    assert diffs(details(viewer, last)) == [("Worth", "6 USD → 8 USD")]
    write(deleting(Voucher, CODE))
    assert diffs(details(viewer, last)) == [("Worth", "6 USD → 8 USD")]


def test_reference_to_a_text_key_is_shown_by_name(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code=CODE, label="Oak")))
    write(storing(Parcel(number=LARGE, label="Box")))
    key = write(giving(Parcel, LARGE, voucher_code=CODE))
    assert diffs(details(viewer, key)) == [("Voucher", "not set → Oak")]
    write(giving(Parcel, LARGE, voucher_code=None))
    write(deleting(Voucher, CODE))
    assert diffs(details(viewer, key)) == [("Voucher", f"not set → voucher no. {CODE}, deleted")]


def test_reference_to_a_hidden_record_does_not_name_it(client_as: ClientAs, write: Write, app: Flask) -> None:
    unrecorded(app, Guest(uuid=PERSON, label="Hidden"))
    pairs = {"guest_id": (None, str(PERSON))}
    write(storing(Parcel(number=1, label="Box")))
    key = write(lambda: record(db.session, [Entry("own_parcels", "1", Action.CHANGE, None, pairs)]))
    assert diffs(details(client_as("owner"), key)) == [("Guest", "not set → Hidden")]
    assert diffs(details(client_as("viewer"), key)) == [("Guest", f"not set → guest no. {PERSON}")]


def test_edit_of_a_row_of_a_subclass_is_in_the_history(viewer: FlaskClient, write: Write) -> None:
    write(storing(Dog(id=7, label="Rex"), Animal(id=8, label="Tom")))
    key = write(giving(Animal, 7, label="Max", active=False))
    assert whats(viewer) == ["Edited animal “Max”", "Created 2 animals"]
    assert diffs(details(viewer, key)) == [("Label", "Rex → Max"), ("Active", "Yes → No")]
    page = read(viewer.get("/admin/my-animals/history/?id=7").text)
    assert [head.text for head in page.all("ol", class_="timeline")[0].all("h2")] == ["Edited", "Created"]


def test_created_and_deleted_records_are_shown_with_no_and_zero(viewer: FlaskClient, write: Write) -> None:
    made = write(storing(Animal(id=7, label="Rex", active=False)))
    shown = [("Label", "Rex"), ("Active", "No"), ("Size", "0")]
    assert diffs(details(viewer, made)) == shown
    gone = write(deleting(Animal, 7))
    assert diffs(details(viewer, gone)) == shown


def changed(kind: str, key: Any, **fields: Any) -> Any:
    """Write a change of a record into the history."""
    return lambda: record(db.session, [Entry(kind, key, Action.CHANGE, None, fields)])


def test_links_to_many_records_are_shown_by_their_names(viewer: FlaskClient, write: Write) -> None:
    write(
        storing(Voucher(code=CODE, label="Oak"), *(Parcel(number=n, label=f"Box {n}") for n in range(1, 23)))
    )
    keys = [str(number) for number in range(1, 23)]
    key = write(changed("own_vouchers", CODE, parcels=([], keys[:2])))
    assert diffs(details(viewer, key)) == [("parcels", "empty → Box 1, Box 2")]
    key = write(changed("own_vouchers", CODE, parcels=(["99"], keys)))
    [(_, shown)] = diffs(details(viewer, key))
    assert shown.startswith("parcel no. 99, deleted → Box 1, Box 2, ")
    assert shown.endswith(", Box 20, 2 more")


def test_values_of_a_json_column_are_shown_as_json(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code=CODE, label="Oak")))
    key = write(changed("own_vouchers", CODE, rules=({"days": [1, 2]}, {})))
    assert diffs(details(viewer, key)) == [("Rules", '{"days": [1, 2]} → {}')]


def test_long_text_of_any_kind_is_compared_word_by_word(viewer: FlaskClient, write: Write) -> None:
    write(storing(Voucher(code=CODE, label="Oak", terms="One year")))
    page = details(viewer, write(giving(Voucher, CODE, terms="Two years")))
    assert [each.text for each in page.all("del")] == ["One year"]
    assert [each.text for each in page.all("ins")] == ["Two years"]
