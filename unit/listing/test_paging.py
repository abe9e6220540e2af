"""Paging: every row once, in order, whatever the sort."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Product, ProductStatus
from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.state import Listing, read_state
from dashboard.listing.tuning import USUAL, Tuning
from dashboard.search.keys import sort_key
from unit.listing.rows import DAY, SHELVES, fill
from unit.listing.walking import page, pages

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
            "shelf": st.sampled_from([None, *SHELVES]),
        }
    ),
    max_size=24,
)
ALPHABET = ["a", "B", "É", "z"]


@pytest.fixture(params=[USUAL, Tuning(exact_count_limit=3, min_probe=2, max_offset=4)], ids=["few", "many"])
def few_or_many(request: pytest.FixtureRequest, listing: Listing) -> Listing:
    """The list, whose engine takes the few rows of a test for few or for more than it would count or sort."""
    return replace(listing, tuning=request.param)


WALK = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
MATCHES: dict[str, Callable[[dict[str, Any]], bool]] = {
    "": lambda _row: True,
    "&status=active": lambda row: row["status"] == "active",
    "&status=active&status=draft": lambda row: row["status"] != "archived",
    "&q=l": lambda row: row["name"] in ("Lamp", "lamp"),
    "&q=l&status=draft": lambda row: row["name"] in ("Lamp", "lamp") and row["status"] == "draft",
}
FILTERS = st.sampled_from([*MATCHES])
SORTED_BY: dict[str, Callable[[dict[str, Any]], Any]] = {
    "name": lambda row: sort_key(row["name"]),
    "category": lambda row: row["shelf"] and sort_key(row["shelf"]),
    "price": lambda row: row["price"],
    "stock": lambda row: row["stock"],
    "status": lambda row: row["status"].value,
    "created": lambda row: row["created_at"],
}


def in_order(rows: list[dict[str, Any]], sort: str, narrowed: str = "") -> list[int]:
    """The keys of the rows that match, in the order of the list; rows without a value come last."""
    value = SORTED_BY[sort.removeprefix("-")]
    found = [(value(row), key) for key, row in enumerate(rows, 1) if MATCHES[narrowed](row)]
    blank = [(key,) for each, key in found if each is None]
    filled = [each for each in found if each[0] is not None]
    return [each[-1] for part in (filled, blank) for each in sorted(part, reverse=sort.startswith("-"))]


@pytest.mark.both_databases
@pytest.mark.parametrize("sort", SORTS)
@WALK
@given(rows=ROWS, narrowed=FILTERS, moves=st.lists(st.integers(0, 30), max_size=4))
def test_paging_both_ways_shows_every_row_once_while_rows_change(
    shared_session: Session,
    few_or_many: Listing,
    sort: str,
    rows: list[dict[str, Any]],
    narrowed: str,
    moves: list[int],
) -> None:
    fill(shared_session, rows)
    query = f"sort={sort}&size=10{narrowed}"
    staying = [row.id for found in pages(shared_session, few_or_many, query) for row in found.rows]
    assert len(staying) == len({*staying})
    assert staying == in_order(rows, sort, narrowed)
    seen: list[int] = []
    for found in pages(shared_session, few_or_many, query):
        seen += [row.id for row in found.rows]
        come_and_go(shared_session, rows, moves)
    assert [key for key in seen if key in staying] == staying
    back: list[int] = []
    for found in pages(shared_session, few_or_many, query + "&before=end", "prev_url"):
        back = [row.id for row in found.rows] + back
        come_and_go(shared_session, rows, moves)
    assert [key for key in back if key in staying] == staying


def come_and_go(session: Session, rows: list[dict[str, Any]], moves: list[int]) -> None:
    """Delete the rows added by the last call, and add rows like the first ones."""
    session.execute(delete(Product).where(Product.id > 1000))
    moments = {"created_at": DAY, "updated_at": DAY}
    for number, move in enumerate(moves, 1001):
        row = {k: v for k, v in rows[move % len(rows)].items() if k != "shelf"} if rows else None
        if row:
            new = {"id": number, "sku": str(number), **moments, **row}
            session.execute(insert(Product.__table__), [new])


@pytest.mark.both_databases
@pytest.mark.parametrize("sort", SORTS)
@WALK
@given(rows=ROWS, narrowed=FILTERS)
def test_page_numbers_show_the_same_pages_as_the_links(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]], narrowed: str
) -> None:
    fill(shared_session, rows)
    query = f"sort={sort}&size=10{narrowed}"
    walked = [[row.id for row in found.rows] for found in pages(shared_session, listing, query)]
    jumped = [
        [row.id for row in page(shared_session, listing, f"{query}&page={number}").rows]
        for number in range(1, len(walked) + 1)
    ]
    assert jumped == walked


@pytest.mark.both_databases
@pytest.mark.parametrize("sort", SORTS)
@settings(max_examples=10)
@given(rows=ROWS)
def test_neighbours_follow_the_order_of_the_list(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    state = read_state(listing, MultiDict({"sort": sort, "size": "100"}))
    order = [row.id for row in fetch_page(shared_session, listing, state, "/x").rows]
    assert order == in_order(rows, sort)
    steps = [neighbours(shared_session, listing, state, key) for key in order]
    assert [after for _, after in steps] == [*order[1:], None][: len(order)]
    assert [before for before, _ in steps] == [None, *order[:-1]][: len(order)]


@pytest.mark.parametrize("name", ["name", "price", "stock", "status", "created"])
@settings(max_examples=10)
@given(rows=ROWS)
def test_descending_is_ascending_backwards(
    shared_session: Session, listing: Listing, name: str, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    up, down = (
        [row.id for found in pages(shared_session, listing, f"sort={sign}{name}") for row in found.rows]
        for sign in ("", "-")
    )
    assert up == down[::-1]
    assert len(up) == len(rows)


@pytest.mark.parametrize("sort", ["category", "-category"])
@settings(max_examples=10)
@given(rows=ROWS)
def test_rows_without_a_value_come_last_either_way(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    shelves = [row.values[2] for row in page(shared_session, listing, f"sort={sort}&size=100").rows]
    filled = [shelf for shelf in shelves if shelf]
    assert shelves == filled + [None] * (len(shelves) - len(filled))
    assert filled == sorted(filled, key=ALPHABET.index, reverse=sort.startswith("-"))
