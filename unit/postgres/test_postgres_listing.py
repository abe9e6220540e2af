"""Paging and kept counts on PostgreSQL: the very tests that SQLite has to pass."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine, text
from sqlalchemy.orm import Session

from dashboard.listing.state import Listing
from unit.catalogue.test_tallies import (
    test_kept_counts_are_those_that_counting_gives,
    test_one_statement_counts_all_its_rows,
    test_what_is_rolled_back_was_never_counted,
)
from unit.listing.conftest import listing
from unit.listing.test_counting import (
    many,
    page,
    statements,
    stock,
    tallied,
    test_few_among_many_are_counted_after_all,
    test_keys_may_lie_far_apart,
    test_what_is_too_much_to_count_is_told_about,
)
from unit.listing.test_looking import (
    hasty,
    test_a_filtered_list_is_whole_wherever_its_rows_lie,
    test_the_first_row_beyond_those_looked_at_is_not_missed,
)
from unit.listing.test_paging import (
    plenty,
    test_going_to_each_page_by_its_number_shows_every_row_once,
    test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list,
    test_no_place_is_too_hostile_for_a_page,
    test_walking_there_and_back_visits_every_row_once_while_others_come_and_go,
)
from unit.listing.test_survey import (
    test_each_condition_and_all_of_them_are_judged_by_the_same_rows,
    test_it_tells_how_far_the_first_rows_lie_in_the_order_of_the_list,
)
from unit.postgres.server import empty

__all__ = [
    "hasty",
    "listing",
    "many",
    "plenty",
    "stock",
    "tallied",
    "test_a_filtered_list_is_whole_wherever_its_rows_lie",
    "test_each_condition_and_all_of_them_are_judged_by_the_same_rows",
    "test_few_among_many_are_counted_after_all",
    "test_going_to_each_page_by_its_number_shows_every_row_once",
    "test_it_tells_how_far_the_first_rows_lie_in_the_order_of_the_list",
    "test_kept_counts_are_those_that_counting_gives",
    "test_keys_may_lie_far_apart",
    "test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list",
    "test_no_place_is_too_hostile_for_a_page",
    "test_one_statement_counts_all_its_rows",
    "test_the_first_row_beyond_those_looked_at_is_not_missed",
    "test_walking_there_and_back_visits_every_row_once_while_others_come_and_go",
    "test_what_is_rolled_back_was_never_counted",
    "test_what_is_too_much_to_count_is_told_about",
]


@pytest.fixture(scope="module")
def shared_session(postgres_database: URL) -> Iterator[Session]:
    """One session for many examples, none of which is committed."""
    empty(postgres_database)
    engine = create_engine(postgres_database)
    with Session(engine) as session:
        yield session
    engine.dispose()


@pytest.fixture
def session(shared_session: Session) -> Iterator[Session]:
    """The same for one test, which leaves nothing behind."""
    shared_session.rollback()
    yield shared_session
    shared_session.rollback()


def plan_of(marker: str, session: Session, listing: Listing, **query: str) -> str:
    """How PostgreSQL carries out the one statement with `marker` in it that a page takes."""
    with statements(session, marker) as asked:
        page(session, listing, **query)
    [(statement, parameters)] = asked
    plan = session.connection().exec_driver_sql(f"EXPLAIN (ANALYZE, TIMING OFF) {statement}", parameters)
    return "\n".join(step for (step,) in plan)


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize("query", [{}, {"status": "active"}, {"q": "lamp"}, {"price_min": "100"}])
def test_a_page_by_category_reads_a_page_of_each_and_sorts_no_more(
    stock: Session, tallied: Listing, query: dict[str, str]
) -> None:
    stock.execute(text("ANALYZE products"))
    # Those are quicker for 600 rows, not for a million.
    for other in ("seqscan", "bitmapscan", "hashjoin", "mergejoin"):
        stock.execute(text(f"SET LOCAL enable_{other} = off"))
    plan = plan_of("sorted_by", stock, tallied, **query, sort="category", size="10")
    read = [float(rows) for rows in re.findall(r"actual rows=([\d.]+)", plan)]
    assert max(read) <= 11, plan


@pytest.mark.usefixtures("many")
@pytest.mark.parametrize(("query", "is_spared"), [("lamp", True), ("0001", False)])
def test_the_index_is_not_asked_for_a_word_that_plenty_of_rows_have(
    stock: Session, tallied: Listing, query: str, is_spared: bool
) -> None:
    steps = plan_of("glance", stock, tallied, q=query)
    reading = steps.partition("CTE first")[2].partition("~~")[0].rpartition("->")[2]
    assert ("never executed" in reading) == is_spared, steps
