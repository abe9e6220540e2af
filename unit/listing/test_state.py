"""The state of a list: all of it in the address, whatever the address holds."""

from dataclasses import replace
from decimal import Decimal
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from dashboard.listing.cursor import Cursor
from dashboard.listing.query import clean_query
from dashboard.listing.state import Listing, ListState, read_state, with_query

NO_NUMBERS = ["", "0", "-1", "1.5", "1e5", "NaN", "²", "\u0661", "\0", "1\0", " 1", "abc"]
HOSTILE = [*NO_NUMBERS, "9" * 10, "9" * 5000, "'; --"]
PARAMETERS = (
    "q", "status", "price_min", "price_max", "created_from", "created_to", "sort", "page", "size",
    "column", "view", "after", "before",
)  # fmt: skip
PLACE = Cursor("filled", Decimal("1.5"), 3).token("price")
VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["active", "draft", "-price", "name", "25", "50", "2", "1.50", "2026-03-31", "%", "a b"]),
    st.sampled_from(["stock", "sku", "all", "end", PLACE, Cursor("filled", "oak", 3).token("name")]),
)
QUERIES = st.lists(st.tuples(st.sampled_from(PARAMETERS), VALUES), max_size=12)


def read(listing: Listing, *pairs: tuple[str, str]) -> ListState:
    return read_state(listing, MultiDict(pairs))


def test_an_empty_address_asks_for_the_defaults(listing: Listing) -> None:
    state = read(listing)
    assert (state.query, state.sort, state.size, state.page) == ("", "name", 25, 1)
    assert not state.is_filtered
    assert state.pairs() == ()


@pytest.mark.parametrize("page", HOSTILE)
def test_a_page_that_is_none_is_the_first(listing: Listing, page: str) -> None:
    assert read(listing, ("page", page)).page == 1


def test_a_page_is_kept_as_asked_until_the_rows_are_counted(listing: Listing) -> None:
    assert read(listing, ("page", "999999999")).page == 999_999_999


@pytest.mark.parametrize("size", ["10", "25", "50", "100"])
def test_the_offered_page_sizes_are_taken(listing: Listing, size: str) -> None:
    assert read(listing, ("size", size)).size == int(size)


@pytest.mark.parametrize("size", [*HOSTILE, "1", "11", "101", "1000000", "010"])
def test_any_other_page_size_is_the_default(listing: Listing, size: str) -> None:
    assert read(listing, ("size", size)).size == 25


@pytest.mark.parametrize(
    ("sort", "column", "descending"), [("price", "price", False), ("-created", "created", True)]
)
def test_a_sort_is_a_columns_name_with_a_minus_for_descending(
    listing: Listing, sort: str, column: str, descending: bool
) -> None:
    state = read(listing, ("sort", sort))
    assert (state.column, state.descending) == (column, descending)


@pytest.mark.parametrize(
    ("name", "ascending", "descending"),
    [
        ("name", "Name A\N{EN DASH}Z", "Name Z\N{EN DASH}A"),
        ("price", "Price low to high", "Price high to low"),
        ("stock", "Stock low to high", "Stock high to low"),
        ("created", "Created, oldest first", "Created, newest first"),
    ],
)
def test_order_in_words_follows_kind_of_column(
    listing: Listing, name: str, ascending: str, descending: str
) -> None:
    assert listing.order_words(name, descending=False) == ascending
    assert listing.order_words(name, descending=True) == descending


@pytest.mark.parametrize(("descending", "words"), [(True, "Newest first"), (False, "Oldest first")])
def test_usual_order_by_date_needs_no_label(listing: Listing, descending: bool, words: str) -> None:
    by_date = replace(listing, sort="-created")
    assert by_date.order_words("created", descending=descending) == words
    assert by_date.order_words("name", descending=descending).startswith("Name ")


@pytest.mark.parametrize(
    "sort", [*HOSTILE, "sku", "--price", "-", "Price", "id", "password_hash", "price desc"]
)
def test_a_sort_by_anything_else_is_the_default(listing: Listing, sort: str) -> None:
    assert read(listing, ("sort", sort)).sort == "name"


@pytest.mark.parametrize(
    ("typed", "asked"),
    [
        ("  oak  lamp ", "oak  lamp"),
        ("oak\0lamp", "oak lamp"),
        ("\x1b[2J", "[2J"),
        ("\u202eoak", "oak"),
        ("x" * 300, "x" * 200),
        ("%_\\", "%_\\"),
        ("\0\t\r\n", ""),
    ],
)
def test_a_search_is_asked_without_control_characters_and_not_endless(typed: str, asked: str) -> None:
    assert clean_query(typed) == asked


def test_unknown_parameters_are_ignored(listing: Listing) -> None:
    assert read(listing, ("flt0_0", "1"), ("page_size", "9"), ("desc", "1")).pairs() == ()


def test_the_address_names_only_what_differs_from_the_defaults(listing: Listing) -> None:
    state = read(listing, ("size", "25"), ("sort", "name"), ("page", "1"), ("q", " "), ("status", "active"))
    assert state.address("/x") == "/x?status=active"


@pytest.mark.parametrize(
    "place", [("page", "7"), ("before", "end"), ("after", PLACE), ("before", PLACE)], ids=lambda pair: pair[0]
)
def test_another_filter_begins_at_the_first_page_but_keeps_sort_and_size(
    listing: Listing, place: tuple[str, str]
) -> None:
    state = read(listing, place, ("size", "50"), ("sort", "-price"))
    assert place in state.pairs()
    assert state.address("/x", query="oak") == "/x?q=oak&sort=-price&size=50"


def test_a_filter_can_be_taken_away_alone(listing: Listing) -> None:
    state = read(listing, ("status", "active"), ("status", "draft"), ("price_min", "3"), ("q", "oak"))
    assert state.without("status", (("status", "draft"),)).pairs() == (
        ("q", "oak"), ("status", "draft"), ("price_min", "3"),
    )  # fmt: skip


def test_an_address_escapes_what_it_holds() -> None:
    assert with_query("/x", (("q", 'a&b=c#d "%<'),)) == "/x?q=a%26b%3Dc%23d+%22%25%3C"


@given(pairs=QUERIES)
def test_reading_the_address_of_a_state_gives_the_same_state(
    listing: Listing, pairs: list[tuple[str, str]]
) -> None:
    state = read(listing, *pairs)
    address = state.address("/x", page=state.page, cursor=state.cursor, backwards=state.backwards)
    again = read(listing, *parse_qsl(urlsplit(address).query, keep_blank_values=True))
    assert again.pairs() == state.pairs()
    shown = ("query", "filter_values", "sort", "size", "columns", "page", "cursor", "backwards")
    assert {name: getattr(again, name) for name in shown} == {name: getattr(state, name) for name in shown}
    assert with_query("/x", again.pairs()) == address


@given(pairs=QUERIES)
def test_whatever_the_address_holds_is_within_bounds(listing: Listing, pairs: list[tuple[str, str]]) -> None:
    state = read(listing, *pairs)
    assert state.size in (10, 25, 50, 100)
    assert 1 <= state.page < 10**9
    assert listing.sortable(state.column)
    assert len(state.query) <= 200
