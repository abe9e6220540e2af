"""Asks the engine for pages of a list, and sees which statements it makes and how SQLite carries them out."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from dashboard.listing.fetching import fetch_page
from dashboard.listing.page import ListPage
from dashboard.listing.state import Listing, ListState, read_state
from dashboard.listing.tuning import Tuning

ROWS = 600
DAY = datetime(2026, 3, 31, tzinfo=UTC)
# To whom 600 rows are more than are counted or skipped.
MANY = pytest.mark.parametrize(
    "tuning", [Tuning(exact_count_limit=50, min_probe=10, max_offset=100)], ids=["many"]
)
# To whom a few rows are, and who soon gives up reading on.
IMPATIENT = Tuning(exact_count_limit=3, min_probe=3, probe_factor=1, max_offset=4)
HASTY = pytest.mark.parametrize("tuning", [IMPATIENT], ids=["hasty"])


def state_of(listing: Listing, **query: str) -> ListState:
    """Return the state that the parameters of an address describe."""
    return read_state(listing, MultiDict(query))


def page(session: Session, listing: Listing, **query: str) -> ListPage:
    """The page that these parameters of an address show."""
    return fetch_page(session, listing, state_of(listing, **query), "/x")


@contextmanager
def statements(session: Session, marker: str) -> Iterator[list[tuple[str, Any]]]:
    """Keeps each statement with `marker` in it, and its parameters."""
    asked: list[tuple[str, Any]] = []

    def note(_c: Any, _cursor: Any, statement: str, parameters: Any, *_rest: Any) -> None:
        if marker in statement:
            asked.append((statement, parameters))

    engine = session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def plans_of(asked: list[tuple[str, Any]], session: Session) -> str:
    """How SQLite carries them out."""
    connection = session.connection()
    plans = [connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {sql}", values) for sql, values in asked]
    return " / ".join(step[-1] for plan in plans for step in plan)


def row_plans(session: Session, listing: Listing, **query: str) -> str:
    """How SQLite reads the rows of a page."""
    with statements(session, "sorted_by") as asked:
        page(session, listing, **query)
    return plans_of(asked, session)
