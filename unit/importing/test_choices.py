"""The choices of a user about an import: guessed by the header, remembered, and refused in words."""

from typing import Any

import pytest

from dashboard.importing.choices import Choices
from dashboard.importing.matching import matched
from dashboard.jobs.acting import acting_as
from dashboard.refusal import Refusal
from unit.importing.conftest import Importing

FILE = "Supplier name,CITY,Unit\nYew,Ulm,x\n"


@pytest.mark.parametrize(
    ("header", "sample", "columns"),
    [
        (["name", "city"], [], ["name", "city"]),
        (["City", "NAME", "Colour"], [], ["city", "name", ""]),
        (["Supplier name", "name"], [], ["", "name"]),
        (["Supplier name"], [["Oak"]], ["name"]),
        (["Our rating"], [["good"]], [""]),
        (["Our rating"], [["4.5"]], ["rating"]),
        (["Number"], [["1"]], ["id"]),
        (["naïve_CITY"], [["Bonn"]], ["city"]),
    ],
)
def test_columns_are_matched_by_name_and_cells(
    importing: Importing, header: list[str], sample: list[list[str]], columns: list[str]
) -> None:
    with acting_as(importing.app, importing.owner, "match"):
        assert matched(importing.importer, header, sample) == columns


def test_choices_are_remembered_for_the_same_header(importing: Importing) -> None:
    importing.check(FILE, columns=["name", "", "city"], mode="create")
    again = importing.choices(importing.upload(FILE))
    assert (again.columns, again.mode) == (["name", "", "city"], "create")
    other = importing.choices(importing.upload(FILE.replace("Unit", "Units")))
    assert (other.columns, other.mode) == (["name", "city", ""], "both")


@pytest.mark.parametrize(
    ("chosen", "told", "field"),
    [
        ({"columns": ["name", "name", ""]}, "Two columns fill “Name”.", "columns"),
        ({"columns": ["", "", ""], "key": ""}, "Choose at least one field", "columns"),
        ({"columns": ["name", "city"]}, "The columns of the file are others", None),
        ({"columns": ["name", "colour", ""]}, "The columns of the file are others", None),
        ({"key": "city"}, "Choose one of these.", "key"),
        ({"columns": ["", "city", ""], "key": "name"}, "No column fills “Name”", "key"),
        ({"columns": ["", "city", ""], "key": ""}, "New records need a column for “Name”.", "columns"),
        ({"key": "", "mode": "change"}, "Choose the field by which rows find", "key"),
        ({"mode": "all"}, "Choose what rows may do.", None),
        ({"numbers": "roman"}, "Choose how the file writes", None),
    ],
)
def test_choices_that_make_no_import_are_refused(
    importing: Importing, chosen: dict[str, Any], told: str, field: str | None
) -> None:
    with pytest.raises(Refusal, match=told) as refusal:
        importing.check(FILE, **chosen)
    assert refusal.value.field == field


def test_every_choice_survives_being_stored() -> None:
    choices = Choices(["name", ""], "name", "change", "clear", "comma", "day", ["country_code"])
    assert Choices(**choices.as_json()) == choices
