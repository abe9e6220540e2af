"""Paging: every row once, in order, whatever the sort."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.state import Listing, read_state
from dashboard.listing.tuning import USUAL, Tuning
from unit.listing.walking import page, pages

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


@pytest.fixture(params=[USUAL, Tuning(exact_count_limit=3, min_probe=2, max_offset=4)], ids=["few", "many"])
def few_or_many(request: pytest.FixtureRequest, listing: Listing) -> Listing:
    """The list, whose engine takes the few rows of a test for few or for more than it would count or sort."""
    return replace(listing, tuning=request.param)


WALK = settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
FILTERS = st.sampled_from(["", "&status=active", "&status=active&status=draft", "&q=l", "&q=l&status=draft"])


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
def test_going_to_each_page_by_its_number_shows_every_row_once(
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
def test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list(
    shared_session: Session, listing: Listing, sort: str, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    state = read_state(listing, MultiDict({"sort": sort, "size": "100"}))
    order = [row.id for row in fetch_page(shared_session, listing, state, "/x").rows]
    steps = [neighbours(shared_session, listing, state, key) for key in order]
    assert [after for _, after in steps] == [*order[1:], None][: len(order)]
    assert [before for before, _ in steps] == [None, *order[:-1]][: len(order)]


@settings(max_examples=10)
@given(rows=ROWS)
def test_descending_is_ascending_backwards(
    shared_session: Session, listing: Listing, rows: list[dict[str, Any]]
) -> None:
    fill(shared_session, rows)
    for name in ("name", "price", "created"):
        up, down = (
            [row.id for found in pages(shared_session, listing, f"sort={sign}{name}") for row in found.rows]
            for sign in ("", "-")
        )
        assert up == down[::-1]


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
    assert filled == sorted(filled, reverse=sort.startswith("-"))


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
    ("query", "links"),
    [
        ("", {"next_url": "page=2&after=", "last_url": "page=3"}),
        (
            "&page=2",
            {"first_url": "", "prev_url": "&before=", "next_url": "page=3&after=", "last_url": "page=3"},
        ),
        ("&page=3", {"first_url": "", "prev_url": "page=2&before="}),
    ],
)
def test_a_page_links_to_its_neighbours_and_the_ends(
    session: Session, listing: Listing, thirty: list[int], query: str, links: dict[str, str]
) -> None:
    found = page(session, listing, f"size=10{query}")
    for name in ("first_url", "prev_url", "next_url", "last_url"):
        url = getattr(found, name)
        assert (url is not None) == (name in links)
        assert url is None or (url.startswith("/x?size=10") and links[name] in url)


def test_the_address_of_a_page_shows_that_page_again(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    second = [*pages(session, listing, "size=10")][1]
    again = page(session, listing, urlsplit(second.url).query)
    assert (again.rows, again.page, again.url) == (second.rows, 2, second.url)


HOSTILE = [
    "",
    "x",
    "-",
    "=" * 50,
    "A" * 5000,
    "bnVsbA",
    "W10",
    "\u00e9",
    "\x00",
    "WyJuYW1lIiwiZmlsbGVkIiwieCIsMV0",
]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("token", HOSTILE)
def test_a_place_that_makes_no_sense_is_ignored(
    session: Session, listing: Listing, thirty: list[int], name: str, token: str
) -> None:
    state = read_state(listing, MultiDict({name: token, "size": "10"}))
    assert len(fetch_page(session, listing, state, "/x").rows) == 10


@pytest.mark.both_databases
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    parts=st.tuples(
        st.sampled_from(["name", "price", "created", "stock", "status", "category", "other"]),
        st.sampled_from(["filled", "blank", "exact", "else", ""]) | st.none() | st.integers(),
        st.none()
        | st.text()
        | st.integers()
        | st.sampled_from(["NaN", "1e99", "9" * 30, "0001-01-01T00:00+23:59"]),
        st.integers() | st.booleans() | st.none() | st.text(),
    )
)
def test_no_place_is_too_hostile_for_a_page(
    shared_session: Session, listing: Listing, parts: tuple[Any, ...]
) -> None:
    fill(shared_session, [])
    token = urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()
    page(shared_session, listing, f"sort={parts[0]}&after={token}")
    page(shared_session, listing, f"sort=-{parts[0]}&before={token}&page=7")


def test_a_place_whose_rows_are_gone_shows_the_nearest_end(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    first, second, third = pages(session, listing, "size=10")
    session.execute(delete(Product).where(Product.id.in_([row.id for row in third.rows])))
    found = page(session, listing, urlsplit(second.next_url or "").query)
    assert [row.id for row in found.rows] == [row.id for row in second.rows]
    assert (found.page, found.next_url) == (2, None)
    session.execute(delete(Product).where(Product.id.in_([row.id for row in first.rows])))
    found = page(session, listing, urlsplit(second.prev_url or "").query)
    assert [row.id for row in found.rows] == [row.id for row in second.rows]
    assert (found.page, found.prev_url) == (1, None)


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


@pytest.mark.parametrize("claim", ["", "&page=1", "&page=2", "&page=3", "&page=7", "&page=999999999"])
def test_a_false_page_number_beside_a_place_changes_no_row(
    session: Session, listing: Listing, thirty: list[int], claim: str
) -> None:
    """The place decides; the number is put right at the ends of the list and never leaves it."""
    first, second, third = pages(session, listing, "size=10")
    for there, url in ((second, first.next_url), (third, second.next_url), (first, second.prev_url)):
        query = "&".join(
            part for part in urlsplit(url or "").query.split("&") if not part.startswith("page=")
        )
        found = page(session, listing, query + claim)
        assert [row.id for row in found.rows] == [row.id for row in there.rows]
        assert (found.page, found.pages, found.first, found.last) == (there.page, 3, there.first, there.last)
        assert (found.prev_url, found.next_url) == (there.prev_url, there.next_url)


@pytest.mark.parametrize(("claim", "number"), [(1, 2), (2, 2), (3, 3), (4, 4), (5, 4), (999_999_999, 4)])
def test_in_the_middle_of_a_list_a_number_is_a_claim_that_cannot_be_an_end(
    session: Session, listing: Listing, claim: int, number: int
) -> None:
    row = {"price": Decimal(1), "stock": 1, "status": ProductStatus.ACTIVE, "created_at": DAY, "shelf": None}
    fill(session, [{"name": f"Lamp {n:02}", **row} for n in range(50)])
    _first, _second, third, *_ = pages(session, listing, "size=10")
    query = dict(parse_qsl(urlsplit(third.url).query)) | {"page": str(claim)}
    found = fetch_page(session, listing, read_state(listing, MultiDict(query)), "/x")
    assert ([row.id for row in found.rows], found.page) == ([row.id for row in third.rows], number)
