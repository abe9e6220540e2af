"""The estimates of an even sample of a list, and how its rows are found by what it says."""

import pytest
from sqlalchemy.orm import Session

from dashboard.listing.counting import planning_statistics
from dashboard.listing.export import csv_lines
from dashboard.listing.fetching import neighbours
from dashboard.listing.result_set import ResultSet
from dashboard.listing.sample import Sample, take_sample
from dashboard.listing.state import Listing
from dashboard.listing.tuning import Tuning
from unit.listing.engine import HASTY, MANY, ROWS, page, plans_of, row_plans, state_of, statements

TALLIED = ("status", "category")
AWAY = ROWS / 10  # every other row is a lamp, and five of six are looked at


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("status", "number", "rows", "away"), [("active", 480, 120, AWAY), ("draft", 60, 30, AWAY / 3)]
)
def test_each_condition_and_all_of_them_are_judged_by_the_same_rows(
    stock: Session, tallied: Listing, status: str, number: int, rows: int, away: float
) -> None:
    found = take_sample(stock, tallied, state_of(tallied, q="lamp", status=status, price_min="300"), TALLIED)
    assert found.span == ROWS
    assert found.each == pytest.approx({"q": 300, "status": number, "price": 300}, abs=AWAY)
    assert found.others == pytest.approx(150, abs=AWAY)
    assert found.rows == pytest.approx(rows, abs=away)


def test_an_empty_table_has_nothing_to_look_at(session: Session, tallied: Listing) -> None:
    assert take_sample(session, tallied, state_of(tallied, q="lamp"), TALLIED) == Sample(0, 0, 0, {"q": 0})


@pytest.mark.both_databases
@pytest.mark.parametrize(
    ("query", "rows_skipped", "is_far"),
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
    stock: Session, tallied: Listing, query: dict[str, str], rows_skipped: int, is_far: bool
) -> None:
    found = take_sample(stock, tallied, state_of(tallied, q="lamp", **query), TALLIED)
    assert found.rows_skipped == pytest.approx(rows_skipped, abs=AWAY)
    assert found.is_clustered_far == is_far


@pytest.mark.parametrize(
    "query", [{"price_max": "20", "sort": "-price"}, {"price_min": "580", "sort": "price"}]
)
def test_rows_beyond_the_end_of_a_scan_are_not_skipped(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    found = take_sample(stock, tallied, state_of(tallied, **query), TALLIED)
    assert (found.rows_skipped, found.is_clustered_far) == (0, False)


@MANY
def test_it_looks_from_where_the_page_begins(stock: Session, tallied: Listing) -> None:
    first = page(stock, tallied, q="lamp", sort="name", size="10")
    assert first.next_url
    place = first.next_url.rpartition("after=")[2]
    found = take_sample(stock, tallied, state_of(tallied, q="lamp", sort="name", after=place), TALLIED)
    assert (found.rows_skipped, found.is_clustered_far) == (0, False)


@pytest.mark.sqlite
@HASTY
@pytest.mark.parametrize(
    ("query", "is_far"),
    [
        ({"q": "lamp 03", "sort": "name"}, True),  # chairs come before lamps
        ({"q": "lamp 03", "sort": "-name", "before": "end"}, True),
        ({"q": "lamp 03", "sort": "price"}, False),  # every twelfth
        ({"q": "lamp 03", "sort": "-category"}, False),
        ({"q": "chair 00", "sort": "name"}, False),  # the first of all
        ({"q": "chair 00", "sort": "-name", "before": "end"}, False),
    ],
    ids=str,
)
def test_clustered_far_rows_are_found_by_the_search(
    stock: Session, tallied: Listing, query: dict[str, str], is_far: bool
) -> None:
    plans = row_plans(stock, tallied, **query, size="10")
    assert ("product_search" in plans) == is_far, plans


@pytest.mark.sqlite
@HASTY
@pytest.mark.parametrize(
    "query", [{"price_max": "20", "sort": "-price"}, {"price_min": "580", "sort": "price"}], ids=str
)
def test_a_filter_on_what_the_list_is_sorted_by_restricts_the_scan(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    plans = row_plans(stock, tallied, **query, size="10")
    assert "USING INDEX ix_products_price_id (price" in plans.replace("COVERING INDEX", "INDEX"), plans
    assert "TEMP B-TREE" not in plans, plans


@pytest.mark.sqlite
@HASTY
def test_a_page_is_probed_from_where_it_begins(stock: Session, tallied: Listing) -> None:
    first = page(stock, tallied, q="lamp 03", sort="name", size="10")
    assert first.next_url
    place = first.next_url.rpartition("after=")[2]
    plans = row_plans(stock, tallied, q="lamp 03", sort="name", size="10", after=place)
    assert "ix_products_name_key_id" in plans, plans
    assert "product_search" not in plans, plans


@pytest.mark.sqlite
@HASTY
@pytest.mark.parametrize(
    ("place", "found_by_search"),
    # A probe finds no row, though there are more; the search finds that no row comes before.
    [(0, [False, False, True, False]), (20, [False, False])],
)
def test_first_record_of_a_list_is_known_without_a_scan(
    stock: Session, tallied: Listing, place: int, found_by_search: list[bool]
) -> None:
    state = state_of(tallied, q="lamp 03", sort="name")
    order = [row.id for row in page(stock, tallied, q="lamp 03", sort="name").rows]
    with statements(stock, "sorted_by") as asked:
        found = neighbours(stock, tallied, state, order[place])
    assert found == (order[place - 1] if place else None, order[place + 1])
    walks = [plans_of([each], stock) for each in asked]
    assert ["product_search" in plan for plan in walks] == found_by_search, walks


@pytest.mark.sqlite
@MANY
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
@pytest.mark.parametrize("tuning", [Tuning(exact_count_limit=200, min_probe=10)], ids=["200"])
def test_few_rows_are_found_by_filter_where_a_page_is_scanned(stock: Session, tallied: Listing) -> None:
    query = {"status": "active", "category": "1", "sort": "name", "size": "10"}  # 160 rows, 200 by category
    assert "ix_products_name_key_id" in row_plans(stock, tallied, **query)
    state = state_of(tallied, **query)
    with statements(stock, "FROM products") as asked:
        assert len([*csv_lines(stock, tallied, state)]) == 1 + 160
        known = planning_statistics(stock, tallied, state)
        assert sum(map(len, ResultSet(stock, tallied, state, known).slices())) == 160
    for statement in asked:
        assert "USING INDEX ix_products_category_id_id" in plans_of([statement], stock), statement
