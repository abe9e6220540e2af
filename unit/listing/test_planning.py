"""How rows are found: decided by numbers, so that each rule is told apart without a database."""

from dataclasses import replace

import pytest

from dashboard.listing.planning import (
    Among,
    Count,
    Indexed,
    Plan,
    Probe,
    Statistics,
    Whole,
    keys_are_read,
    offset_is_cheap,
    otherwise,
    plan,
)
from dashboard.listing.tuning import Tuning

MILLION = 1_000_000


def known(rows: int, population: int = MILLION, *, exact: bool = True, **matches: int) -> Statistics:
    return Statistics(Count(rows, exact), population, matches)


@pytest.mark.parametrize(
    ("statistics", "wanted", "expected"),
    [
        (known(200, 200), 50, Whole()),
        (known(2_000, exact=False), 50, Whole()),  # no filter that could find them
        (Statistics(Count(3), keys=[1, 2, 3]), 50, Among([1, 2, 3])),
        (known(50_000, status=50_000), 51, Probe(8_192, "status")),
        (known(10_000, category=10_000), 51, Probe(16_384, "category")),
        (known(5_001, category=5_001), 51, Probe(16_384, "category")),
        (known(1_000, 2 * MILLION, status=90_000), 1, Probe(16_384, "status")),
        (known(50_000, exact=False, status=500_000, q=60_000), 51, Probe(8_192, "q")),
        (known(3_000, exact=False, status=50_000), 51, Whole()),  # further than a probe, sooner than sorting
        (known(3_000, exact=False, status=10_000), 51, Indexed("status")),
        (known(900, 1_000, status=900), 51, Whole()),  # a probe would be longer than the list
        (known(850_000, status=850_000), 51, Whole()),  # fewer rows do not match than would be sorted
    ],
)
def test_a_page_is_read_in_order_and_no_further_than_pays(
    statistics: Statistics, wanted: int, expected: Plan
) -> None:
    assert plan(statistics, wanted) == expected


@pytest.mark.parametrize(
    ("statistics", "wanted", "expected"),
    [
        (known(5_000, status=50_000), 50, Probe(16_384, "status")),
        (known(5_000, status=50_000), 500, Indexed("status")),  # a later page
        (known(50, status=50_000), 50, Indexed("status")),
        (known(0, status=0), 50, Indexed("status")),
        (known(50, 0, price=50), 50, Indexed("price")),  # nothing is known of the others
    ],
)
def test_few_rows_are_sorted_unless_a_page_is_reached_in_order_sooner(
    statistics: Statistics, wanted: int, expected: Plan
) -> None:
    assert plan(statistics, wanted) == expected


@pytest.mark.parametrize(("skipped", "expected"), [(60_000, Indexed("q")), (59_999, Whole())])
def test_rows_far_away_are_sorted_if_fewer_than_lie_before_them(skipped: int, expected: Plan) -> None:
    about = replace(known(50_000, exact=False, q=60_000), rows_skipped=skipped)
    assert plan(about, 51) == expected


@pytest.mark.parametrize(
    ("statistics", "expected"),
    [
        (known(5_000, status=50_000, price=9_000), Indexed("price")),
        (known(5_001, status=50_000), Whole()),
        (known(5_000, exact=False, status=50_000), Whole()),
    ],
)
def test_all_rows_are_sorted_if_few_and_else_read_in_order(statistics: Statistics, expected: Plan) -> None:
    assert plan(statistics, None) == expected


@pytest.mark.parametrize(
    ("tried", "then"),
    [
        (Probe(8, "q"), Indexed("q")),
        (Whole(), Whole()),
        (Indexed("q"), Indexed("q")),
        (Among([3]), Among([3])),
    ],
)
def test_after_a_probe_in_vain_all_rows_are_found_by_the_index(tried: Plan, then: Plan) -> None:
    assert otherwise(tried) == then


@pytest.mark.parametrize(
    ("rows", "found", "population", "expected"),
    [
        (5_000, 20_000, MILLION, True),
        (5_001, 20_000, MILLION, False),
        (5_000, 20_001, MILLION, False),  # a page of 50 lies within 10,000
        (2_000, 20_001, MILLION, True),  # within 25,000
        (0, 900_000, MILLION, True),
    ],
)
def test_keys_of_few_rows_are_read_unless_a_page_is_found_sooner(
    rows: int, found: int, population: int, expected: bool
) -> None:
    assert keys_are_read(rows, found, population, size=50) == expected


@pytest.mark.parametrize(
    ("statistics", "page", "is_cheap"),
    [
        (known(MILLION), 201, True),
        (known(MILLION), 202, False),
        (known(MILLION), 19_801, True),  # from the end
        (known(MILLION), 19_800, False),
        (known(MILLION, exact=False), 19_801, False),  # an estimate has no end to count from
        (known(100_000), 21, True),  # each tenth row matches
        (known(100_000), 22, False),
        (known(5_000), 51, True),  # few
        (known(5_001), 51, False),  # each two-hundredth row matches
        (known(0), 1, True),
    ],
)
def test_rows_before_a_page_are_skipped_if_few_are_read_for_that(
    statistics: Statistics, page: int, is_cheap: bool
) -> None:
    assert offset_is_cheap(statistics, page, size=50) == is_cheap


def test_the_numbers_are_those_that_are_given() -> None:
    small = Tuning(exact_count_limit=10, min_probe=4, probe_factor=2, max_offset=20)
    assert plan(known(11, 100, status=11), 1, small) == Probe(32, "status")
    assert plan(known(11, 100, status=11), None, small) == Whole()
    assert offset_is_cheap(known(100, 100), 3, 10, small)
    assert not offset_is_cheap(known(100, 100), 4, 10, small)
