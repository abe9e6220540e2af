"""The lines of `dashboard doctor` on the search indexes of kinds of records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, literal, select

from dashboard.number_form import number_words
from dashboard.registry import Record
from dashboard.search.kind_index import KindIndex, index_of
from dashboard.search.kind_state import MANY_ROWS, State, state_of


def search_warnings(records: Iterable[Record], connection: Connection) -> Iterator[str]:
    """A line for each kind whose index does not follow its table, and each large one without an index."""
    for record in records:
        index = possible_index(record)
        state = state_of(index, connection) if index else State.READY
        if state is State.BEHIND:
            yield f"search: the index of {record.kind} is behind; run: dashboard db index {record.kind}"
        elif index and state is State.MISSING and is_large(index, connection):
            why = f"{record.kind} has more than {number_words(MANY_ROWS)} records and no index"
            yield f"search: {why}; run: dashboard db index {record.kind}"


def possible_index(record: Record) -> KindIndex | None:
    """The index that a kind can have; None where it cannot have one."""
    try:
        return index_of(record.model, record.searched) if record.searched else None
    except ValueError:
        return None


def is_large(index: KindIndex, connection: Connection) -> bool:
    """Whether a table has more rows than are searched quickly without an index."""
    beyond = select(literal(1)).select_from(index.table).offset(MANY_ROWS).limit(1)
    return connection.execute(beyond).first() is not None
