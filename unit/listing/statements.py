"""The statements that a page takes, and how SQLite carries them out."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event
from sqlalchemy.orm import Session

from dashboard.listing.state import Listing
from unit.listing.asking import page


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
