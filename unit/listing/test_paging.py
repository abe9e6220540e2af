"""Paging: every row once, in order, whatever the sort."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.listing.page import ListPage, fetch_page, neighbours
from dashboard.listing.state import Listing, read_state

DAY = datetime(2026, 3, 31, tzinfo=UTC)
SORTS = [
    sign + name for name in ("name", "category", "price", "stock", "status", "created") for sign in ("", "-")
]
# Few values, so that most rows tie; None stands for no category.
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": st.sampled_from(["Lamp", "lamp", "Äpfel", "", "\u202e", "z"]),
            "price": st.sampled_from([Decimal(0), Decimal("0.1"), Decimal("9999999999")]),
            "stock": st.integers(0, 2),
            "status": st.sampled_from(ProductStatus),
            "created_at": st.sampled_from([DAY, DAY - timedelta(days=400)]),
            "shelf": st.sampled_from([None, "A", "b", "É"]),
        }
    ),
    max_size=24,
)


def fill(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    """Add rows in a transaction that is never committed, and return their keys."""
    session.rollback()
    moments = {"created_at": DAY, "updated_at": DAY}
    shelves = {name: key for key, name in enumerate(("A", "b", "É"), 1)}
    session.execute(insert(Category), [{"id": key, "name": name, **moments} for name, key in shelves.items()])
    products = [
        {
            "id": n,
            "sku": str(n),
            "category_id": shelves.get(row["shelf"]),
            **moments,
            **{k: v for k, v in row.items() if k != "shelf"},
        }
        for n, row in enumerate(rows, 1)
    ]
    if products:
        session.execute(insert(Product.__table__), products)
    return [product["id"] for product in products]


def page(session: Session, listing: Listing, query: str = "") -> ListPage:
    return fetch_page(session, listing, read_state(listing, MultiDict(parse_qsl(query))), "/x")


def pages(session: Session, listing: Listing, query: str) -> Iterator[ListPage]:
    """The page that `query` asks for and all that its links to the next one lead to."""
    url: str | None = f"/x?{query}"
    while url:
        found = page(session, listing, urlsplit(url).query)
        yield found
        url = found.next_url


@pytest.mark.parametrize("sort", SORTS)
@settings(max_examples=10)
@given(rows=ROWS)
def test_following_next_visits_every_row_exactly_once(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]]
) -> None:
    keys = fill(shared_session, rows)
    visited = [
        row.id for found in pages(shared_session, listing, f"sort={sort}&size=10") for row in found.rows
    ]
    assert sorted(visited) == sorted(keys)


@pytest.mark.parametrize("sort", SORTS)
@settings(max_examples=10)
@given(rows=ROWS)
def test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    state = read_state(listing, MultiDict({"sort": sort, "size": "100"}))
    order = [row.id for row in fetch_page(shared_session, listing, state, "/x").rows]
    steps = [neighbours(shared_session, listing, state, key) for key in order]
    for (before, after), here in zip(steps, range(len(order)), strict=True):
        # Rows without a value lie apart from those with one: there the way may end, but it never jumps.
        assert after in (None, *order[here + 1 : here + 2])
        assert before in (None, *order[max(0, here - 1) : here])
    assert sum(after is None for _, after in steps) <= (2 if "category" in sort else 1)


@settings(max_examples=10)
@given(rows=ROWS)
def test_descending_is_ascending_backwards(
    shared_session: Session, listing: Listing, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    for name in ("name", "category", "price", "created"):
        up, down = (
            [row.id for found in pages(shared_session, listing, f"sort={sign}{name}") for row in found.rows]
            for sign in ("", "-")
        )
        assert up == down[::-1]


@pytest.fixture
def thirty(session: Session) -> list[int]:
    """Thirty products that differ in name only."""
    row = {"price": Decimal(1), "stock": 1, "status": ProductStatus.ACTIVE, "created_at": DAY, "shelf": None}
    return fill(session, [{"name": f"Lamp {n:02}", **row} for n in range(30)])


def test_a_page_says_where_it_is(session: Session, listing: Listing, thirty: list[int]) -> None:
    found = page(session, listing, "page=2")
    assert (found.first, found.last, found.total, found.page, found.pages) == (26, 30, 30, 2, 2)
    assert [row.title for row in found.rows] == [f"Lamp {n}" for n in range(25, 30)]


@pytest.mark.parametrize("number", ["3", "99", "999999999"])
def test_a_page_beyond_the_last_is_the_last(
    session: Session, listing: Listing, thirty: list[int], number: str
) -> None:
    found = page(session, listing, f"page={number}")
    assert (found.page, len(found.rows), found.url) == (2, 5, "/x?page=2")


@pytest.mark.parametrize(
    ("number", "links"),
    [
        (1, (None, None, "/x?size=10&page=2", "/x?size=10&page=3")),
        (2, ("/x?size=10", "/x?size=10", "/x?size=10&page=3", "/x?size=10&page=3")),
        (3, ("/x?size=10", "/x?size=10&page=2", None, None)),
    ],
)
def test_a_page_links_to_its_neighbours_and_the_ends(
    session: Session, listing: Listing, thirty: list[int], number: int, links: tuple[str | None, ...]
) -> None:
    found = page(session, listing, f"size=10&page={number}")
    assert (found.first_url, found.prev_url, found.next_url, found.last_url) == links


def test_a_list_without_rows_has_one_empty_page(session: Session, listing: Listing) -> None:
    found = page(session, listing, "page=7&sort=-price")
    assert (found.first, found.last, found.total, found.page, found.pages) == (0, 0, 0, 1, 1)
    assert (found.prev_url, found.next_url) == (None, None)


def test_a_record_that_is_gone_has_no_neighbours(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    assert neighbours(session, listing, read_state(listing, MultiDict()), 10**6) == (None, None)


def test_neighbours_are_those_of_the_filtered_list(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    state = read_state(listing, MultiDict({"q": "1"}))
    order = [row.id for row in fetch_page(session, listing, state, "/x").rows]
    assert 1 < len(order) < len(thirty)
    assert neighbours(session, listing, state, order[1]) == (order[0], order[2])
