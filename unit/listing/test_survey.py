"""What an even sample says of a list, and how its rows are found by what it says."""

import pytest
from sqlalchemy.orm import Session

from dashboard.listing import counting
from dashboard.listing.counting import Count, plan_rows
from dashboard.listing.export import csv_lines
from dashboard.listing.matching import Matching
from dashboard.listing.page import neighbours
from dashboard.listing.state import Listing
from dashboard.listing.survey import Survey, survey
from unit.listing.asking import page, state_of
from unit.listing.statements import plans_of, row_plans, statements
from unit.listing.stock import ROWS

TALLIED = ("status", "category")
AWAY = ROWS / 10  # every other row is a lamp, and five of six are looked at


@pytest.mark.both_databases
def test_each_condition_and_all_of_them_are_judged_by_the_same_rows(stock: Session, tallied: Listing) -> None:
    found = survey(stock, tallied, state_of(tallied, q="lamp", status="active", price_min="300"), TALLIED)
    assert found.span == ROWS
    assert found.each == pytest.approx({"q": 300, "status": 480, "price": 300}, abs=AWAY)
    assert found.others == pytest.approx(150, abs=AWAY)
    assert found.rows == pytest.approx(120, abs=AWAY)
    assert found.narrowest(found.each) in {"price"}  # never the search, which is no filter with an index


def test_an_empty_table_has_nothing_to_look_at(session: Session, tallied: Listing) -> None:
    assert survey(session, tallied, state_of(tallied, q="lamp"), TALLIED) == Survey(0, 0, 0, 0, {"q": 0})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "passed", "is_far"),
    [
        ({"sort": "name"}, ROWS // 2, True),  # chairs come before lamps
        ({"sort": "-name"}, 0, False),
        ({"sort": "name", "before": "end"}, 0, False),
        ({"sort": "-name", "before": "end"}, ROWS // 2, True),
        ({"sort": "price"}, 0, False),  # every other one
        ({"sort": "-category"}, 0, False),
    ],
    ids=str,
)
def test_it_tells_how_far_the_first_rows_lie_in_the_order_of_the_list(
    stock: Session, tallied: Listing, query: dict[str, str], passed: int, is_far: bool
) -> None:
    found = survey(stock, tallied, state_of(tallied, q="lamp", **query), TALLIED)
    assert found.passed == pytest.approx(passed, abs=AWAY)
    assert found.is_far == is_far


@pytest.mark.parametrize(
    "query", [{"price_max": "20", "sort": "-price"}, {"price_min": "580", "sort": "price"}]
)
def test_what_bounds_the_order_of_the_list_is_no_way_to_go(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    found = survey(stock, tallied, state_of(tallied, **query), TALLIED)
    assert (found.passed, found.is_far) == (0, False)


@pytest.mark.usefixtures("many")
def test_it_looks_from_where_the_page_begins(stock: Session, tallied: Listing) -> None:
    first = page(stock, tallied, q="lamp", sort="name", size="10")
    assert first.next_url
    place = first.next_url.rpartition("after=")[2]
    found = survey(stock, tallied, state_of(tallied, q="lamp", sort="name", after=place), TALLIED)
    assert (found.passed, found.is_far) == (0, False)


@pytest.mark.sqlite
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("sort", "is_far"), [("name", True), ("-name", False), ("price", False)])
def test_rows_that_lie_together_far_away_are_found_by_the_search_and_not_walked_to(
    stock: Session, tallied: Listing, sort: str, is_far: bool
) -> None:
    plans = row_plans(stock, tallied, q="lamp", sort=sort, size="10")
    assert ("product_search" in plans) == is_far, plans
    assert ("TEMP B-TREE FOR ORDER BY" in plans) == is_far, plans


@pytest.mark.sqlite
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("place", "found_by_search"),
    # Some are looked at in vain, though there are more; the search finds that none comes before.
    [(0, [False, False, True, False]), (20, [False, False])],
)
def test_nothing_is_walked_through_to_learn_that_a_record_is_the_first_of_its_list(
    stock: Session, tallied: Listing, place: int, found_by_search: list[bool]
) -> None:
    state = state_of(tallied, q="lamp", sort="name")
    order = [row.id for row in page(stock, tallied, q="lamp", sort="name").rows]
    with statements(stock, "sorted_by") as asked:
        found = neighbours(stock, tallied, state, order[place])
    assert found == (order[place - 1] if place else None, order[place + 1])
    walks = [plans_of([each], stock) for each in asked]
    assert ["product_search" in plan for plan in walks] == found_by_search, walks


@pytest.mark.sqlite
@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(
    ("query", "index"),
    [
        ({"status": "active", "price_max": "20"}, "ix_products_price_id"),
        ({"status": "active", "created_from": "2026-03-31", "price_max": "20"}, "ix_products_price_id"),
        ({"status": "draft", "category": "1"}, "ix_products_status_"),
    ],
    ids=str,
)
def test_few_rows_are_found_by_the_filter_that_lets_the_fewest_through(
    stock: Session, tallied: Listing, query: dict[str, str], index: str
) -> None:
    plans = row_plans(stock, tallied, **query, sort="name", size="10")
    assert f"USING INDEX {index}" in plans, plans


@pytest.mark.sqlite
def test_all_of_few_rows_are_found_by_a_filter_though_a_page_of_them_is_walked_to(
    stock: Session, tallied: Listing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "FEW", 200)  # the filters let 160 through, the category alone 200
    query = {"status": "active", "category": "1", "sort": "name", "size": "10"}
    assert "USING INDEX ix_products_name_key_id" in row_plans(stock, tallied, **query)
    state = state_of(tallied, **query)
    with statements(stock, "FROM products") as asked:
        assert len([*csv_lines(stock, tallied, state)]) == 1 + 160
        matching = Matching(stock, tallied, state, plan_rows(stock, tallied, state))
        assert sum(map(len, matching.slices())) == 160
    for statement in asked:
        assert "USING INDEX ix_products_category_id_id" in plans_of([statement], stock), statement


@pytest.mark.parametrize(
    ("count", "wanted", "is_walked"),
    [
        (Count(5_000, population=1_000_000, found_by="status", passing=50_000), 50, True),
        (Count(5_000, population=1_000_000, found_by="status", passing=50_000), 500, False),  # a later page
        (Count(50, population=1_000_000, found_by="status", passing=50_000), 50, False),
        (Count(0, population=1_000_000, found_by="status", passing=0), 50, False),
        (Count(200, population=200), 50, True),  # nothing narrows the list
        (Count(50_000, population=1_000_000, found_by="status", passing=50_000), 50, True),
        (Count(2_000, exact=False, population=1_000_000), 50, True),
        (Count(3, keys=[1, 2, 3]), 50, False),
    ],
)
def test_rows_are_walked_to_where_that_passes_over_fewer_than_all_that_a_filter_finds(
    count: Count, wanted: int, is_walked: bool
) -> None:
    assert count.is_walked(wanted) == is_walked
