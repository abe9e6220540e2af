"""Paging and kept counts on PostgreSQL: the very tests that SQLite has to pass."""

from collections.abc import Iterator

import pytest
from sqlalchemy import URL, create_engine
from sqlalchemy.orm import Session

from unit.catalogue.test_tallies import (
    test_kept_counts_are_those_that_counting_gives,
    test_one_statement_counts_all_its_rows,
    test_what_is_rolled_back_was_never_counted,
)
from unit.listing.conftest import listing
from unit.listing.test_paging import (
    plenty,
    test_going_to_each_page_by_its_number_shows_every_row_once,
    test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list,
    test_no_place_is_too_hostile_for_a_page,
    test_walking_there_and_back_visits_every_row_once_while_others_come_and_go,
)
from unit.postgres.server import empty

__all__ = [
    "listing",
    "plenty",
    "test_going_to_each_page_by_its_number_shows_every_row_once",
    "test_kept_counts_are_those_that_counting_gives",
    "test_next_of_a_record_leads_through_the_rows_in_the_order_of_the_list",
    "test_no_place_is_too_hostile_for_a_page",
    "test_one_statement_counts_all_its_rows",
    "test_walking_there_and_back_visits_every_row_once_while_others_come_and_go",
    "test_what_is_rolled_back_was_never_counted",
]


@pytest.fixture(scope="module")
def shared_session(postgres_database: URL) -> Iterator[Session]:
    """One session for many examples, none of which is committed."""
    empty(postgres_database)
    engine = create_engine(postgres_database)
    with Session(engine) as session:
        yield session
    engine.dispose()
