"""Lists of records whose key and columns are of any type: every row once, in order, there and back."""

import json
from base64 import urlsafe_b64encode
from dataclasses import replace
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from sqlalchemy import Double, cast, select, update
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.listing.fetching import fetch_page, neighbours
from dashboard.listing.result_set import ResultSet
from dashboard.listing.state import read_state
from dashboard.search.index import among
from unit.listing.orders import in_order
from unit.listing.parts import COLUMNS, KEYS, ROWS, SparsePart, TextPart, UuidPart, filled, listing_of
from unit.listing.walking import page, pages

pytestmark = pytest.mark.both_databases

MODELS = pytest.mark.parametrize("model", [TextPart, UuidPart, SparsePart])


@MODELS
@pytest.mark.parametrize("sort", [sign + name for name in ("row_key", *COLUMNS) for sign in ("", "-")])
def test_walk_by_a_column_of_any_type_visits_every_row_once(
    shared_session: Session, model: type[Any], sort: str
) -> None:
    with filled(shared_session, model) as rows:
        listing, query = listing_of(model), f"sort={sort}&size=10"
        there = [row for found in pages(shared_session, listing, query) for row in found.rows]
        back = [
            row
            for found in pages(shared_session, listing, query + "&before=end", "prev_url")
            for row in reversed(found.rows)
        ]
        assert {row.id for row in there} == {row["key"] for row in rows}
        assert len(there) == ROWS
        assert [row.id for row in there] == in_order(shared_session, model, sort)
        assert [row.id for row in back] == [row.id for row in there][::-1]
        name = sort.removeprefix("-")
        if name != "row_key":
            by_key = {row["key"]: row[name] for row in rows}
            values = [by_key[row.id] for row in there]
            blank = values.index(None)
            assert values[blank:] == [None] * (ROWS - blank)
            assert len({*values[:blank]}) == 2
            assert sum(one != other for one, other in pairwise(values[:blank])) == 1


@pytest.mark.postgresql
@pytest.mark.parametrize("sort", [sign + name for name in ("exact", "weight") for sign in ("", "-")])
def test_walk_passes_stored_values_that_are_no_number(shared_session: Session, sort: str) -> None:
    name = sort.removeprefix("-")
    with filled(shared_session, TextPart) as rows:
        odd = [row["key"] for row in rows if row[name] is not None][:15]
        shared_session.execute(
            update(TextPart).where(TextPart.key.in_(odd)).values({name: cast("NaN", Double)})
        )
        listing, query, order = (
            listing_of(TextPart),
            f"sort={sort}&size=10",
            in_order(shared_session, TextPart, sort),
        )
        for end, link in (("", "next_url"), ("&before=end", "prev_url")):
            found = [page.rows for page in pages(shared_session, listing, query + end, link)]
            parts = found if link == "next_url" else found[::-1]
            assert [row.id for part in parts for row in part] == order


@MODELS
def test_order_by_key_is_that_of_the_database(shared_session: Session, model: type[Any]) -> None:
    with filled(shared_session, model):
        ordered = shared_session.scalars(select(model.key).order_by(model.key)).all()
        walked = [
            row.id for found in pages(shared_session, listing_of(model), "size=10") for row in found.rows
        ]
        assert walked == ordered


@MODELS
def test_slices_hold_every_key_once(
    shared_session: Session, model: type[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.listing.result_set.SLICE", 5)
    with filled(shared_session, model) as rows:
        listing = listing_of(model)
        found = ResultSet.of(shared_session, listing, read_state(listing, MultiDict()))
        slices = [list(keys) for keys in found.slices()]
        assert [len(keys) for keys in slices] == [5] * 7 + [1]
        assert sorted(key for keys in slices for key in keys) == sorted(row["key"] for row in rows)


@MODELS
@pytest.mark.parametrize("sort", ["row_key", "-wood"])
def test_neighbours_of_a_row_are_found_by_its_key(
    shared_session: Session, model: type[Any], sort: str
) -> None:
    with filled(shared_session, model):
        listing = listing_of(model)
        order = in_order(shared_session, model, sort)
        state = read_state(listing, MultiDict({"sort": sort}))
        found = [neighbours(shared_session, listing, state, key) for key in order]
        assert found == [*zip([None, *order[:-1]], [*order[1:], None], strict=True)]


@MODELS
def test_rows_are_found_among_thousands_of_keys(shared_session: Session, model: type[Any]) -> None:
    with filled(shared_session, model):
        wanted = [KEYS[model](n) for n in range(3, 3000, 7)]
        found = shared_session.scalars(select(model.key).where(among(model.key, wanted))).all()
        assert sorted(found) == sorted(KEYS[model](n) for n in range(3, ROWS, 7))


@MODELS
@pytest.mark.parametrize("held", [None, True, 1.5, "\0", "\ud800", [], {}, 2**63])
def test_place_with_a_key_of_another_type_shows_the_first_page(
    shared_session: Session, model: type[Any], held: Any
) -> None:
    with filled(shared_session, model):
        listing = listing_of(model)
        # After this value lies another page than the first one, whatever the collation.
        token = urlsafe_b64encode(json.dumps(["text", "filled", "Pine", held]).encode()).rstrip(b"=").decode()
        first = page(shared_session, listing, "sort=text&size=10")
        shown = page(shared_session, listing, f"sort=text&size=10&after={token}")
        assert (shown.prev_url, [row.id for row in shown.rows]) == (None, [row.id for row in first.rows])


@pytest.mark.parametrize(
    ("sort", "held"),
    [
        ("price", "10000000000"),  # its column has ten digits before the point
        ("price", "-1E+11"),
        ("price", "NaN"),  # its type takes numbers only
        ("exact", "sNaN"),
        ("exact", "NaN7"),
        ("exact", "Infinity"),  # its column has a bound
        ("exact", "1E+12"),
        ("big", str(2**63)),
        ("small", "9" * 30),
        ("wood", "3"),
        ("is_full", "1"),
        ("day", "2026-02-30"),
        ("shipped", "2026-03-01T12:30:15"),  # without the zone of its column
        ("lasts", "1 day"),
        ("lasts", "999999999 days, 0:00:00"),  # beyond the calendar, in which SQLite counts it
        ("token", "x"),
        ("text", "\0"),
    ],
)
def test_place_with_a_value_that_no_row_has_shows_the_first_page(
    shared_session: Session, sort: str, held: str
) -> None:
    with filled(shared_session, TextPart):
        listing, key = listing_of(TextPart), KEYS[TextPart](1)
        token = urlsafe_b64encode(json.dumps([sort, "filled", held, key]).encode()).rstrip(b"=").decode()
        first = page(shared_session, listing, f"sort={sort}&size=10")
        shown = page(shared_session, listing, f"sort={sort}&size=10&after={token}")
        assert (shown.prev_url, [row.id for row in shown.rows]) == (None, [row.id for row in first.rows])


@pytest.mark.parametrize("held", [2**15, 2**62])
def test_place_beyond_the_range_of_its_column_is_after_all_values(shared_session: Session, held: int) -> None:
    with filled(shared_session, UuidPart):
        listing = listing_of(UuidPart)
        parts = json.dumps(["small", "filled", str(held), str(KEYS[UuidPart](1))])
        token = urlsafe_b64encode(parts.encode()).rstrip(b"=").decode()
        shown = page(shared_session, listing, f"sort=small&size=10&after={token}")
        blank = in_order(shared_session, UuidPart, "small")[24:]
        assert [row.id for row in shown.rows] == blank[:10]


@MODELS
def test_second_page_has_an_address_that_leads_there_again(shared_session: Session, model: type[Any]) -> None:
    with filled(shared_session, model):
        listing = listing_of(model)
        first = page(shared_session, listing, "size=10&sort=-wood")
        assert first.next_url
        query = urlsplit(first.next_url).query
        second = fetch_page(shared_session, listing, read_state(listing, MultiDict(parse_qsl(query))), "/x")
        assert {row.id for row in second.rows}.isdisjoint(row.id for row in first.rows)
        assert [row.id for row in second.rows] == in_order(shared_session, model, "-wood")[10:20]
        same = page(shared_session, listing, urlsplit(second.url).query)
        assert (same.page, same.rows) == (2, second.rows)
        again = page(shared_session, replace(listing, sort="row_key"), query)
        assert [row.id for row in again.rows] == [row.id for row in second.rows]
