"""Filters by the columns of a list that its view does not name, behind "More filters"."""

from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from unit.admin.reading import read, row_titles
from unit.conftest import CountQueries
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import SUPPLIERS, with_suppliers

ROWS: tuple[dict[str, Any], ...] = (
    {"name": "Ash", "size": 1},
    {"name": "Elm", "city": "Ulm", "rating": 5, "since": date(2026, 3, 1), "grade": "FIRST", "size": 2},
    {"name": "Oak", "city": "Bonn", "rating": 2, "since": date(2027, 3, 1), "country_code": "de", "size": 3},
)
LEFT_OUT = ("id", "api_key", "country_code", "parent_id")
EVERY = tuple(each.key for each in Supplier.__table__.columns if each.key not in LEFT_OUT)


class Suppliers(RecordView):
    """Suppliers that the view filters by one column."""

    column_list = (*EVERY, "country", "parent")
    column_filters = ("grade",)
    column_labels = {"city": "Town"}  # noqa: RUF012 - as Flask-Admin has it


class Sorts(Suppliers):
    """Suppliers whose sizes and cities have words, and whose notes a function shows."""

    column_choices = {"size": [(1, "Small"), (2, "Large")], "active": [(True, "Trading")]}  # noqa: RUF012
    column_formatters = {"notes": lambda *_: "hidden"}  # noqa: RUF012


@pytest.fixture
def viewer(console: With) -> FlaskClient:
    """A browser of a viewer."""
    return logged_in(
        with_suppliers(console(lambda: Suppliers(Supplier), lambda: RecordView(Country)), ROWS), "viewer"
    )


@pytest.fixture
def sorts(console: With) -> FlaskClient:
    """A browser of a viewer, where some columns have words of their own."""
    return logged_in(
        with_suppliers(console(lambda: Sorts(Supplier), lambda: RecordView(Country)), ROWS), "viewer"
    )


def further(client: FlaskClient, query: str = "") -> list[str]:
    """The labels of the filters behind "More filters"."""
    page = read(client.get(f"{SUPPLIERS}/{query}").text)
    return [legend.text for each in page.all("details", class_="further") for legend in each.all("legend")]


def is_open(client: FlaskClient, query: str) -> bool:
    """Whether more filters are shown as the page arrives."""
    [details] = read(client.get(f"{SUPPLIERS}/{query}").text).all("details", class_="further")
    return "open" in details.attributes


def names(client: FlaskClient, query: str) -> list[str]:
    """The suppliers in the list with this query, by name."""
    return sorted(row_titles(client.get(f"{SUPPLIERS}/?{query}").text))


def test_each_shown_column_has_a_filter(viewer: FlaskClient) -> None:
    without = {"Opens", "Lead", "Reference", "Extra", "Logo", "Grade"}
    shown = [label for label in further(viewer) if label not in without]
    assert shown == further(viewer)
    assert {"Name", "Town", "Terms", "Active", "Rating", "Limit", "Since", "Seen at", "Called at"} <= {*shown}
    assert {"Notes", "Size", "Double", "Country", "Parent"} <= {*shown}


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("name=as", ["Ash"]),
        ("city=ul", ["Elm"]),
        ("city_is=empty", ["Ash"]),
        ("rating_min=3", ["Elm"]),
        ("since_from=2027-01-01", ["Oak"]),
        ("active=yes", ["Ash", "Elm", "Oak"]),
        ("active=no", []),
        ("country.name=germ", ["Oak"]),
        ("country_code=de", ["Oak"]),
        ("by_size_max=2&city=u", ["Elm"]),
        ("name=as&grade=FIRST", []),
    ],
)
def test_filter_narrows_the_list(viewer: FlaskClient, query: str, found: list[str]) -> None:
    assert names(viewer, query) == found


def test_filters_of_hidden_columns_are_left_out(viewer: FlaskClient) -> None:
    assert further(viewer, "?column=city&column=rating") == ["Name", "Town", "Rating"]


def test_filter_of_a_hidden_column_stays_while_it_is_asked_for(viewer: FlaskClient) -> None:
    assert further(viewer, "?column=city&rating_min=3") == ["Name", "Town", "Rating"]
    assert further(viewer, "?column=city&rating_min=three") == ["Name", "Town", "Rating"]


def test_more_filters_are_open_while_one_is_on(viewer: FlaskClient) -> None:
    assert is_open(viewer, "?rating_min=3")
    assert is_open(viewer, "?rating_min=three")
    assert not is_open(viewer, "?grade=FIRST")


@pytest.mark.both_databases
def test_values_with_words_are_chosen_by_these(sorts: FlaskClient) -> None:
    [group] = [
        each
        for each in read(sorts.get(f"{SUPPLIERS}/").text).all("fieldset")
        if each.all("legend")[0].text == "Size"
    ]
    assert [label.text for label in group.all("label")] == ["Small", "Large"]
    assert names(sorts, "by_size=2") == ["Elm"]
    assert names(sorts, "by_size=3") == ["Ash", "Elm", "Oak"]  # an option that does not exist
    page = sorts.get(f"{SUPPLIERS}/?active=yes").text
    assert "Remove filter Active: Trading" in page


def test_column_that_a_function_shows_has_no_filter(sorts: FlaskClient) -> None:
    assert "Notes" not in further(sorts)
    assert names(sorts, "notes_is=filled") == ["Ash", "Elm", "Oak"]


def test_view_can_do_without(console: With) -> None:
    view = type("Calm", (Suppliers,), {"column_more_filters": False})
    viewer = logged_in(
        with_suppliers(console(lambda: view(Supplier), lambda: RecordView(Country)), ROWS), "viewer"
    )
    assert further(viewer) == []
    assert names(viewer, "rating_min=3") == ["Ash", "Elm", "Oak"]
    assert names(viewer, "country_code=de") == ["Oak"]  # the page of the country links to it


def test_more_filters_take_no_statement(viewer: FlaskClient, count_queries: CountQueries) -> None:
    viewer.get(f"{SUPPLIERS}/")
    with count_queries() as statements:
        viewer.get(f"{SUPPLIERS}/")
    assert len(statements) <= 6, "\n".join(statements)
