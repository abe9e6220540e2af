"""The links of a page, the cursors in them, and the neighbours of a record."""

import json
import re
from base64 import urlsafe_b64encode
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.catalogue.models import Product, ProductStatus
from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.state import Listing, read_state
from unit.listing.rows import DAY, fill
from unit.listing.walking import page, pages

LAMPS = [f"Lamp {n:02}" for n in range(30)]


@pytest.fixture
def thirty(session: Session) -> list[int]:
    """Thirty products that differ in name only."""
    row = {"price": Decimal(1), "stock": 1, "status": ProductStatus.ACTIVE, "created_at": DAY, "shelf": None}
    return fill(session, [{"name": name, **row} for name in LAMPS])


def test_page_knows_its_number_and_rows(session: Session, listing: Listing, thirty: list[int]) -> None:
    found = page(session, listing, "page=2")
    assert (found.first, found.last, found.total, found.page, found.pages) == (26, 30, 30, 2, 2)
    assert (found.place, found.page_words) == ("26\N{EN DASH}30 of 30", "Page 2 of 2")
    assert [row.title for row in found.rows] == [f"Lamp {n}" for n in range(25, 30)]


@pytest.mark.parametrize("number", ["3", "99", "999999999"])
def test_page_number_beyond_the_last_shows_the_last_page(
    session: Session, listing: Listing, thirty: list[int], number: str
) -> None:
    found = page(session, listing, f"page={number}")
    assert (found.page, len(found.rows), found.url) == (2, 5, "/x?page=2")
    assert [row.title for row in found.rows] == [f"Lamp {n}" for n in range(25, 30)]


@pytest.mark.parametrize(
    ("query", "links"),
    [
        ("", {"next_url": (2, "&page=2&after="), "last_url": (3, "&page=3")}),
        (
            "&page=2",
            {
                "first_url": (1, ""),
                "prev_url": (1, "&before="),
                "next_url": (3, "&page=3&after="),
                "last_url": (3, "&page=3"),
            },
        ),
        ("&page=3", {"first_url": (1, ""), "prev_url": (2, "&page=2&before=")}),
    ],
)
def test_page_links_to_its_neighbours_and_the_ends(
    session: Session, listing: Listing, thirty: list[int], query: str, links: dict[str, tuple[int, str]]
) -> None:
    found = page(session, listing, f"size=10{query}")
    urls = {name: getattr(found, name) for name in ("first_url", "prev_url", "next_url", "last_url")}
    assert {name for name, url in urls.items() if url is not None} == {*links}
    for name, (number, parameters) in links.items():
        place = "[A-Za-z0-9_-]+" if parameters.endswith("=") else ""
        assert re.fullmatch(rf"/x\?size=10{parameters}{place}", urls[name]), name
        there = page(session, listing, urlsplit(urls[name]).query)
        assert there.page == number, name
        assert [row.title for row in there.rows] == LAMPS[number * 10 - 10 : number * 10], name


def test_address_of_a_page_shows_that_page_again(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    second = [*pages(session, listing, "size=10")][1]
    again = page(session, listing, urlsplit(second.url).query)
    assert (again.rows, again.page, again.url) == (second.rows, 2, second.url)


def token(*parts: Any) -> str:
    """The text of a place with these `parts`: sort, partition, value and key."""
    return urlsafe_b64encode(json.dumps(parts).encode()).rstrip(b"=").decode()


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
    token("price", "filled", "1", 1),  # of a list that is sorted by something else
    token("name", "filled", "Lamp 10", 1),  # not folded, as sort keys are
    token("name", "filled", "lamp 10", "1"),
    token("name", "filled", "lamp 10"),
    token("name", None, "lamp 10", 1),
]


@pytest.mark.parametrize("name", ["after", "before"])
@pytest.mark.parametrize("text", HOSTILE)
def test_invalid_cursor_is_ignored(
    session: Session, listing: Listing, thirty: list[int], name: str, text: str
) -> None:
    state = read_state(listing, MultiDict({name: text, "size": "10"}))
    found = fetch_page(session, listing, state, "/x")
    assert len(found.rows) == 10
    assert ([row.title for row in found.rows], found.prev_url) == (LAMPS[:10], None)


@pytest.mark.parametrize(
    ("name", "value", "number"),
    [
        ("after", "a", 1),
        ("before", "a", 1),
        ("after", "x", 3),
        ("before", "x", 3),
        ("after", "lamp 19", 3),
        ("before", "lamp 09", 1),
    ],
)
def test_place_between_rows_shows_the_page_beside_it(
    session: Session, listing: Listing, thirty: list[int], name: str, value: str, number: int
) -> None:
    found = page(session, listing, f"size=10&{name}={token('name', 'filled', value, 10**6)}")
    assert [row.title for row in found.rows] == LAMPS[number * 10 - 10 : number * 10]


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
@example(("price", "filled", "1e99", 1))
@example(("price", "filled", "NaN", 1))
@example(("stock", "filled", str(2**63 - 1), 1))  # larger than its column takes
@example(("stock", "filled", "1", 2**63 - 1))
@example(("name", "filled", "lamp", -(2**63)))
@example(("other", "filled", None, 2**31))
@example(("created", "filled", "0001-01-01T00:00+23:59", 1))
@example(("category", "filled", None, 1))
@example(("name", "blank", None, 1))
@example(("name", "exact", None, 1))
def test_hostile_cursor_still_shows_a_page(
    shared_session: Session, listing: Listing, parts: tuple[Any, ...]
) -> None:
    # Without rows no place would be read.
    row = {"price": Decimal(1), "stock": 1, "status": ProductStatus.ACTIVE, "created_at": DAY}
    fill(shared_session, [{"name": f"Lamp {shelf}", **row, "shelf": shelf} for shelf in (None, "a")])
    place = token(*parts)
    assert page(shared_session, listing, f"sort={parts[0]}&after={place}").rows
    assert page(shared_session, listing, f"sort=-{parts[0]}&before={place}&page=7").rows


def test_cursor_whose_rows_are_gone_shows_the_nearest_end(
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


def test_list_without_rows_has_one_empty_page(session: Session, listing: Listing) -> None:
    found = page(session, listing, "page=7&sort=-price")
    assert (found.first, found.last, found.total, found.page, found.pages) == (0, 0, 0, 1, 1)
    assert (found.prev_url, found.next_url) == (None, None)


def test_missing_record_has_no_neighbours(session: Session, listing: Listing, thirty: list[int]) -> None:
    assert neighbours(session, listing, read_state(listing, MultiDict()), 10**6) == (None, None)


def test_neighbours_come_from_the_filtered_list(
    session: Session, listing: Listing, thirty: list[int]
) -> None:
    state = read_state(listing, MultiDict({"q": "1"}))
    order = [row.id for row in fetch_page(session, listing, state, "/x").rows]
    assert 1 < len(order) < len(thirty)
    assert neighbours(session, listing, state, order[1]) == (order[0], order[2])


@pytest.mark.parametrize("claim", ["", "&page=1", "&page=2", "&page=3", "&page=7", "&page=999999999"])
def test_wrong_page_number_beside_a_cursor_changes_no_row(
    session: Session, listing: Listing, thirty: list[int], claim: str
) -> None:
    """The cursor decides; the number is corrected at the ends of the list and stays within it."""
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
def test_page_number_beside_a_cursor_inside_the_list_is_never_an_end(
    session: Session, listing: Listing, claim: int, number: int
) -> None:
    row = {"price": Decimal(1), "stock": 1, "status": ProductStatus.ACTIVE, "created_at": DAY, "shelf": None}
    fill(session, [{"name": f"Lamp {n:02}", **row} for n in range(50)])
    _first, _second, third, *_ = pages(session, listing, "size=10")
    query = dict(parse_qsl(urlsplit(third.url).query)) | {"page": str(claim)}
    found = fetch_page(session, listing, read_state(listing, MultiDict(query)), "/x")
    assert ([row.id for row in found.rows], found.page) == ([row.id for row in third.rows], number)
