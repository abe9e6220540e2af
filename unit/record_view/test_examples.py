"""The table of Flask-Admin's examples: what it names is honoured or refused as it says."""

import re

import pytest
from flask import Flask
from flask_admin.model.form import InlineFormAdmin

from dashboard.admin.record_view.view import RecordView
from dashboard.admin.record_view.vocabulary import HONOURED, REFUSED, faults
from unit.documents import table
from unit.record_view.declared import declared
from unit.record_view.kinds import Club, Member

ROWS = table("docs/from-flask-admin.md", "Flask-Admin's examples")
OF_ROWS = {"form_ajax_refs", "postprocess_form"}
"""Names of an `InlineFormAdmin` that child rows do not have."""


def names(cell: str) -> list[str]:
    """The names of attributes in a cell."""
    return re.findall(r"`(\w+)`", cell)


def test_every_row_has_an_example_and_says_what_differs() -> None:
    assert len(ROWS) > 10
    assert all(len(row) == 4 and row[0] and row[3].endswith(".") for row in ROWS)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_attributes_of_an_example_are_as_the_table_says(row: list[str]) -> None:
    _, honoured, refused, differs = row
    assert {*names(honoured)} <= HONOURED
    assert {*names(refused)} <= REFUSED.keys()
    views = {"InlineFormAdmin", "_handle_view"}
    assert {*names(differs)} - HONOURED <= views | OF_ROWS


@pytest.mark.parametrize("name", sorted({name for row in ROWS for name in names(row[2])} | {"_handle_view"}))
def test_refused_attribute_stops_the_start(name: str) -> None:
    [line] = faults(declared(**{name: object()}), RecordView)
    assert line.startswith(f"SupplierView.{name} ")


@pytest.mark.parametrize("name", sorted(OF_ROWS))
def test_refused_option_of_child_rows_stops_the_start(context: Flask, name: str) -> None:
    rows = type("MemberRows", (InlineFormAdmin,), {name: lambda *_: None})
    with pytest.raises(ValueError, match=f"has the option {name}, which is not supported"):
        declared(inline_models=(rows(Member),))(Club)
