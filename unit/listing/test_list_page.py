"""The parts of a list page around its rows: heads, sizes, filters, chips."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.listing.export import csv_lines
from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing, read_state

STATUSES = (ProductStatus.ACTIVE, ProductStatus.DRAFT, ProductStatus.ARCHIVED)


@pytest.fixture
def shelf(session: Session) -> Session:
    """Three products: Chair 1.00 active, Lamp 2.00 draft, Table 3.00 archived."""
    lighting = Category(name="Lighting")
    for name, price, status in zip(("Chair", "Lamp", "Table"), (1, 2, 3), STATUSES, strict=True):
        category = lighting if name == "Lamp" else None
        session.add(Product(sku=name, name=name, price=Decimal(price), status=status, category=category))
    session.flush()
    return session


@pytest.fixture
def dozen(session: Session) -> Session:
    """Twelve lamps: two pages of ten."""
    session.add_all(Product(sku=f"L{n:02}", name=f"Lamp {n:02}", price=Decimal(n)) for n in range(12))
    session.flush()
    return session


def page(session: Session, listing: Listing, query: str) -> ListPage:
    state = read_state(listing, MultiDict(parse_qsl(query, keep_blank_values=True)))
    return fetch_page(session, listing, state, "/x")


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("status=active", ["Chair"]),
        ("status=active&status=draft", ["Chair", "Lamp"]),
        ("price_min=2", ["Lamp", "Table"]),
        ("price_max=2", ["Chair", "Lamp"]),
        ("price_min=2&price_max=2", ["Lamp"]),
        ("price_min=3&price_max=1", []),
        ("price_min=2&status=active&status=archived", ["Table"]),
        ("q=able&status=archived", ["Table"]),
        ("created_to=2001-01-01", []),
        ("created_from=2001-01-01", ["Chair", "Lamp", "Table"]),
        ("status=nonsense", ["Chair", "Lamp", "Table"]),
        ("price_min=abc", ["Chair", "Lamp", "Table"]),
    ],
)
def test_filters_are_joined_by_and(shelf: Session, listing: Listing, query: str, titles: list[str]) -> None:
    assert [row.title for row in page(shelf, listing, query).rows] == titles


def test_row_has_a_cell_for_each_column_also_without_value(shelf: Session, listing: Listing) -> None:
    chair = page(shelf, listing, "q=chair").rows[0]
    assert len(chair.values) == len(listing.columns)
    assert chair.values[:6] == ("Chair", "Chair", None, "1.0000 EUR", "0", "active")
    assert isinstance(chair.values[6], datetime)


def test_a_row_shows_what_lies_in_another_table(shelf: Session, listing: Listing) -> None:
    assert page(shelf, listing, "q=lamp").rows[0].values[2] == "Lighting"


def test_the_head_of_the_sorted_column_says_its_direction_and_turns_it(
    shelf: Session, listing: Listing
) -> None:
    heads = {head.name: head for head in page(shelf, listing, "sort=price&q=a").columns}
    assert (heads["price"].direction, heads["price"].sort_url) == ("ascending", "/x?q=a&sort=-price")
    heads = {head.name: head for head in page(shelf, listing, "sort=-price").columns}
    assert (heads["price"].direction, heads["price"].sort_url) == ("descending", "/x?sort=price")


@pytest.mark.parametrize("place", ["page=2", "before=end"])
def test_the_other_heads_sort_upwards(dozen: Session, listing: Listing, place: str) -> None:
    found = page(dozen, listing, f"sort=-price&size=10&{place}")
    heads = {head.name: head for head in found.columns}
    assert found.page == 2  # the links lead to the first page, not to this one in another order
    assert (heads["stock"].direction, heads["stock"].sort_url) == (None, "/x?sort=stock&size=10")
    assert heads["name"].sort_url == "/x?size=10"  # the sort that the list has by itself
    assert heads["price"].sort_url == "/x?sort=price&size=10"


def test_a_column_that_cannot_be_sorted_offers_no_link(shelf: Session, listing: Listing) -> None:
    found = page(shelf, listing, "sort=sku")
    heads = {head.name: head for head in found.columns}
    assert (heads["sku"].direction, heads["sku"].sort_url) == (None, None)
    assert (heads["name"].direction, found.url) == ("ascending", "/x")


def test_page_size_links_leave_the_page_for_the_first(dozen: Session, listing: Listing) -> None:
    found = page(dozen, listing, "q=lamp&size=10&page=2&sort=-price")
    assert found.page == 2
    assert [size.url for size in found.sizes if "page=" in str(size.url)] == []


def test_every_page_size_keeps_the_rest_of_the_state(shelf: Session, listing: Listing) -> None:
    sizes = page(shelf, listing, "q=a&size=50&page=1&sort=-price").sizes
    assert [(size.label, size.selected, size.url) for size in sizes] == [
        ("10", False, "/x?q=a&sort=-price&size=10"),
        ("25", False, "/x?q=a&sort=-price"),
        ("50", True, "/x?q=a&sort=-price&size=50"),
        ("100", False, "/x?q=a&sort=-price&size=100"),
    ]


def test_each_chip_takes_away_what_it_names_and_no_more(shelf: Session, listing: Listing) -> None:
    query = "q=a&status=active&status=draft&price_max=2&sort=-price"
    chips = {(chip.label, chip.value): chip.remove_url for chip in page(shelf, listing, query).chips}
    assert chips == {
        ("Search", "a"): "/x?status=draft&status=active&price_max=2&sort=-price",
        ("Status", "Draft"): "/x?q=a&status=active&price_max=2&sort=-price",
        ("Status", "Active"): "/x?q=a&status=draft&price_max=2&sort=-price",
        ("Price", "at most 2"): "/x?q=a&status=draft&status=active&sort=-price",
    }


def test_clearing_the_filters_keeps_sort_and_size(shelf: Session, listing: Listing) -> None:
    found = page(shelf, listing, "q=a&status=active&sort=-price&size=50")
    assert (found.is_filtered, found.clear_url) == (True, "/x?sort=-price&size=50")
    assert found.hidden == (("sort", "-price"), ("size", "50"))


@pytest.mark.parametrize(
    "query", ["", "sort=-price&size=10&page=1", "status=nonsense", "price_min=x", "q=%00"]
)
def test_a_list_that_nothing_narrows_is_not_filtered(shelf: Session, listing: Listing, query: str) -> None:
    found = page(shelf, listing, query)
    assert not found.is_filtered
    assert (found.chips, {row.title for row in found.rows}) == ([], {"Chair", "Lamp", "Table"})


def test_the_filters_show_what_is_asked_of_them(shelf: Session, listing: Listing) -> None:
    facets = {facet.name: facet for facet in page(shelf, listing, "status=draft&price_min=x").facets}
    assert [option.value for option in facets["status"].options if option.selected] == ["draft"]
    assert [(i.value, bool(i.error)) for i in facets["price"].inputs] == [("x", True), ("", False)]


def test_what_the_scope_leaves_out_is_neither_shown_nor_counted(shelf: Session, listing: Listing) -> None:
    narrow = replace(listing, scope=lambda: [Product.status != ProductStatus.ARCHIVED])
    found = page(shelf, narrow, "status=archived&status=draft")
    assert (found.total, [row.title for row in found.rows]) == (1, ["Lamp"])
    chair, lamp, table = shelf.scalars(select(Product.id).order_by(Product.name))
    state = read_state(narrow, MultiDict())
    assert neighbours(shelf, narrow, state, lamp) == (chair, None)
    assert neighbours(shelf, narrow, state, table) == (None, None)
    assert [line.split(",")[0] for line in csv_lines(shelf, narrow, state)] == ["name", "Chair", "Lamp"]


def test_amounts_are_sorted_as_numbers(session: Session, listing: Listing) -> None:
    for price in ("9", "10.5", "100", "0.09", "0.1"):
        session.add(Product(sku=price, name=price, price=Decimal(price)))
    session.flush()
    titles = [row.title for row in page(session, listing, "sort=price").rows]
    assert titles == ["0.09", "0.1", "9", "10.5", "100"]
