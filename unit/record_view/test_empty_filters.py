"""Filters for records without a value in a column, and for those with any."""

from collections.abc import Callable
from datetime import date
from urllib.parse import urlencode

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from unit.admin.reading import read, row_titles
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import SUPPLIERS, with_suppliers

ROWS = (
    {"name": "Ash"},
    {"name": "Box", "city": "", "rating": 0},
    {"name": "Elm", "city": "Ulm", "rating": 5, "since": date(2026, 3, 1), "grade": "FIRST"},
    {"name": "Oak", "city": "Bonn", "rating": 2, "since": date(2027, 3, 1), "country_code": "de"},
)
FILTERS = ("city", "rating", "since", "grade", "country")
Asked = list[tuple[str, str]]


class Suppliers(RecordView):
    """Suppliers with a filter of each sort."""

    column_list = ("name", "city", "rating", "since", "grade", "country")
    column_filters = FILTERS
    column_default_sort = "rating"


@pytest.fixture
def stored(console: With) -> Flask:
    """A console with four suppliers, each with less than the next."""
    return with_suppliers(console(lambda: Suppliers(Supplier), lambda: RecordView(Country)), ROWS)


@pytest.fixture
def viewer(stored: Flask) -> FlaskClient:
    """A browser of a viewer."""
    return logged_in(stored, "viewer")


def page_of(client: FlaskClient, *pairs: tuple[str, str]) -> str:
    """The list with these parameters."""
    return client.get(f"{SUPPLIERS}/?{urlencode(pairs)}").text


def names(client: FlaskClient, *pairs: tuple[str, str]) -> list[str]:
    """The suppliers in the list with these parameters, by name."""
    return sorted(row_titles(page_of(client, *pairs)))


def lacks(column: str) -> Callable[[dict[str, object]], bool]:
    """Whether a row has nothing in a column."""
    return lambda row: row.get(column) in (None, "")


EMPTY = {
    "city": ("city_is", "empty", "filled"),
    "rating": ("rating_is", "empty", "filled"),
    "since": ("since_is", "empty", "filled"),
    "grade": ("grade", "none", "any"),
    "country_code": ("country_code", "none", "any"),
}


@pytest.mark.both_databases
@pytest.mark.parametrize("column", EMPTY)
@pytest.mark.parametrize("order", ["name", "rating", "-since"])
def test_empty_and_not_empty_share_the_rows_in_any_order(
    viewer: FlaskClient, column: str, order: str
) -> None:
    parameter, empty, filled = EMPTY[column]
    is_empty = lacks(column)
    lacking = [str(row["name"]) for row in ROWS if is_empty(row)]
    having = [str(row["name"]) for row in ROWS if not is_empty(row)]
    assert lacking
    assert having
    assert names(viewer, (parameter, empty), ("sort", order)) == lacking
    assert names(viewer, (parameter, filled), ("sort", order)) == having


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([("rating_min", "3"), ("rating_is", "empty")], ["Ash", "Elm"]),
        ([("rating_min", "3"), ("rating_is", "filled")], ["Elm"]),
        ([("since_to", "2026-12-31"), ("since_is", "empty"), ("q", "ash")], ["Ash"]),
        ([("city", "ul"), ("city_is", "empty")], ["Ash", "Box", "Elm"]),
        ([("grade", "FIRST"), ("grade", "none")], ["Ash", "Box", "Elm", "Oak"]),
        ([("grade", "none"), ("grade", "any")], ["Ash", "Box", "Elm", "Oak"]),
        ([("rating_is", "filled"), ("city_is", "empty")], ["Box"]),
    ],
)
def test_empty_is_an_alternative_within_a_filter(viewer: FlaskClient, pairs: Asked, found: list[str]) -> None:
    assert names(viewer, *pairs) == found


@pytest.mark.both_databases
def test_options_have_the_rows_that_they_leave(viewer: FlaskClient) -> None:
    options = read(page_of(viewer)).all("div", class_="option")
    told = {
        (box.attributes["name"], box.attributes["value"]): number[0].text
        for each in options
        for box in each.all("input")
        if (number := each.all("span", class_="muted"))
    }
    assert told["grade", "any"] == "1"
    for pair in [("grade", "none"), ("grade", "any"), ("country_code", "none"), ("country_code", "any")]:
        assert len(names(viewer, pair)) == int(told[pair]), pair


def test_chip_says_it_and_leaves_the_rest_when_removed(viewer: FlaskClient) -> None:
    page = read(page_of(viewer, ("rating_min", "3"), ("rating_is", "empty")))
    chips = page.all("ul", class_="chips")[0]
    assert "Rating: at least 3 or is empty" in " ".join(chips.text.split())
    links = {link.text: link.attributes["href"] for link in chips.all("a")}
    assert links["is empty"] == f"{SUPPLIERS}/?rating_min=3"
    assert links["Rating: at least 3"] == f"{SUPPLIERS}/?rating_is=empty"


@pytest.mark.parametrize(
    ("pairs", "words"),
    [
        (
            [("rating_min", "0"), ("rating_max", "4"), ("rating_is", "empty")],
            "Rating: at least 0 and at most 4 or is empty",
        ),
        (
            [("since_from", "2026-01-01"), ("since_to", "2026-12-31"), ("since_is", "empty")],
            "Since: from 2026-01-01 to 2026-12-31 or is empty",
        ),
        ([("grade", "FIRST"), ("grade", "none")], "Grade: First choice or is empty"),
        ([("grade", "any")], "Grade: is not empty"),
        ([("country_code", "de"), ("country_code", "none")], "Country: Germany or is empty"),
    ],
)
def test_chips_read_as_one_condition(viewer: FlaskClient, pairs: Asked, words: str) -> None:
    page = read(page_of(viewer, *pairs))
    assert words in " ".join(page.all("ul", class_="chips")[0].text.split())


def test_chip_of_both_bounds_removes_both(viewer: FlaskClient) -> None:
    pairs = [("rating_min", "0"), ("rating_max", "4"), ("rating_is", "empty")]
    chips = read(page_of(viewer, *pairs)).all("ul", class_="chips")[0]
    links = {link.text: link.attributes["href"] for link in chips.all("a")}
    assert links["is empty"] == f"{SUPPLIERS}/?rating_min=0&rating_max=4"
    assert links["Rating: at least 0 and at most 4"] == f"{SUPPLIERS}/?rating_is=empty"


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("empty", "kept"), [([("since_is", "empty")], "&since_is=empty"), ([("since_is", "filled")], "")]
)
def test_span_of_days_keeps_or_is_empty(viewer: FlaskClient, empty: Asked, kept: str) -> None:
    presets = read(page_of(viewer, ("since", "last-week"), *empty)).all("ul", class_="presets")[0]
    links = {link.text: link.attributes for link in presets.all("a")}
    assert [label for label, its in links.items() if its.get("aria-current")] == ["Last week"]
    assert links["Last 7 days"]["href"] == f"{SUPPLIERS}/?since=last-7-days{kept}"


@pytest.mark.parametrize(
    ("pairs", "line"),
    [
        ([("rating_is", "odd")], "Rating: This option no longer exists and was ignored."),
        (
            [("rating_is", "empty"), ("rating_is", "filled")],
            "Rating: Every record is either empty or not, so both options were ignored.",
        ),
    ],
)
def test_what_makes_no_sense_is_told_and_left_out(viewer: FlaskClient, pairs: Asked, line: str) -> None:
    assert line in read(page_of(viewer, *pairs)).text
    assert len(names(viewer, *pairs)) == len(ROWS)


def test_column_that_always_has_a_value_has_no_such_option(viewer: FlaskClient) -> None:
    assert 'name="name_is"' not in page_of(viewer)
    assert page_of(viewer).count('name="rating_is"') == 2
