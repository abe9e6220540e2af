"""The options of a filter above a list, each with the rows that the list has with it."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Product
from dashboard.listing.emptiness import with_emptiness
from dashboard.listing.filters import OneOf, Option
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing
from unit.listing.engine import MANY, ROWS, page, statements

pytestmark = pytest.mark.both_databases
QUERIES = [
    {},
    {"q": "zzzz", "status": "draft"},
    {"q": "SKU-0010 SKU-0011 SKU-0019"},
    {"q": "SKU-0010 SKU-0011 SKU-0019", "status": "draft"},
    {"q": "SKU-0010 SKU-0011", "price_min": "5000"},
    {"status": "draft"},
    {"q": "lamp"},
    {"q": "lamp", "status": "archived"},
    {"price_min": "500", "status": "active"},
    {"price_min": "5000"},
    {"q": "SKU-0010"},
]


@pytest.fixture
def counted(listing: Listing) -> Listing:
    """The list whose options are counted without tallies; no other test has seen how large it is."""
    return replace(listing, counted=("status",), counted_above="status")


def numbers(found: ListPage) -> dict[str, int | None]:
    """The numbers in the row, by their labels."""
    assert found.counts is not None
    return {each.label: each.rows for each in found.counts.options}


def expect_true(session: Session, listing: Listing, found: ListPage) -> None:
    """Each number is that of the rows of the list which its link leads to."""
    assert found.counts is not None
    for each in found.counts.options:
        query = dict(parse_qsl(urlsplit(each.url or "").query))
        assert page(session, listing, **query, size="10").total == each.rows, (each, query)


@pytest.mark.parametrize("query", QUERIES)
def test_number_is_that_of_the_list_behind_the_link(
    stock: Session, counted: Listing, tallied: Listing, query: dict[str, str]
) -> None:
    for each in (counted, replace(tallied, counted_above="status")):
        each = replace(each, codes=(Product.sku_key,))
        found = page(stock, each, **query)
        assert found.exact
        expect_true(stock, each, found)


def test_chosen_options_are_marked_and_all_where_none_is(stock: Session, counted: Listing) -> None:
    def marked(**query: str) -> list[str]:
        row = page(stock, counted, **query).counts
        return [each.label for each in row.options if each.selected] if row else []

    assert marked() == ["All"]
    assert marked(status="draft", q="lamp") == ["Draft"]


def test_links_keep_the_rest_of_the_state(stock: Session, counted: Listing) -> None:
    row = page(stock, counted, status="draft", q="lamp", sort="-price", page="2").counts
    assert row is not None
    assert [each.url for each in row.options] == [
        "/x?q=lamp&sort=-price",
        "/x?q=lamp&status=draft&sort=-price",
        "/x?q=lamp&status=active&sort=-price",
        "/x?q=lamp&status=archived&sort=-price",
    ]


@MANY
def test_sample_gives_numbers_that_are_about_right(stock: Session, tallied: Listing) -> None:
    found = page(stock, replace(tallied, counted_above="status"), q="lamp")
    row = numbers(found)
    assert found.counts is not None
    assert not found.counts.is_exact
    assert row["All"] == found.total
    assert 225 <= (row["All"] or 0) <= 375
    assert 180 <= (row["Active"] or 0) <= 300
    options = next(facet for facet in found.facets if facet.name == "status").options
    assert {option.rows for option in options} == {None}  # beside the boxes only what is exact


@MANY
def test_sample_without_a_row_does_not_say_none(stock: Session, tallied: Listing) -> None:
    few = replace(tallied, counted_above="status", tuning=replace(tallied.tuning, sample_size=4))
    row = numbers(page(stock, few, q="lamp"))
    assert (None in row.values(), 0 in row.values()) == (True, False)


def test_whole_large_list_has_numbers_without_tallies(stock: Session, counted: Listing) -> None:
    large = replace(counted, tuning=replace(counted.tuning, exact_count_limit=50))
    row = numbers(page(stock, large))
    assert ROWS * 0.75 <= (row["All"] or 0) <= ROWS * 1.25
    assert 360 <= (row["Active"] or 0) <= 600


@pytest.mark.parametrize(
    "query",
    [
        {"q": "SKU-0010"},
        {"q": "SKU-0010 SKU-0011", "status": "draft"},
        {"q": "0010", "status": "archived"},
        {"price_min": "570"},
        {"price_min": "590", "q": "chair"},
        {"q": "zzzz", "status": "draft"},
    ],
)
def test_few_rows_of_a_large_list_are_counted(
    stock: Session, counted: Listing, query: dict[str, str]
) -> None:
    tuning = replace(counted.tuning, exact_count_limit=50, sample_size=100)
    large = replace(counted, tuning=tuning, codes=(Product.sku_key,))
    found = page(stock, large, **query)
    assert found.exact
    assert None not in numbers(found).values()
    expect_true(stock, large, found)


@pytest.mark.parametrize("query", QUERIES)
def test_row_takes_no_statement_of_its_own(stock: Session, counted: Listing, query: dict[str, str]) -> None:
    def asked(listing: Listing) -> int:
        with statements(stock, "SELECT") as found:
            page(stock, listing, **query)
        return len(found)

    assert asked(counted) == asked(replace(counted, counted_above=""))


def test_list_without_such_a_filter_has_no_row(stock: Session, listing: Listing) -> None:
    assert page(stock, listing).counts is None


@MANY
def test_rows_with_any_value_are_counted_by_tallies(stock: Session, tallied: Listing) -> None:
    options = with_emptiness([Option("1", "Light", 1)])
    category = OneOf("category", "Category", lambda: options, Product.category_id)
    listing = replace(tallied, facets=(*tallied.facets[:-1], category))
    found = page(stock, listing, status="draft", category="any")
    assert (found.total, found.exact) == (20, True)
    assert {each.value: each.rows for each in found.facets[-1].options} == {"1": 20, "none": 40, "any": 20}
