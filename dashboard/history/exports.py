"""Exports in the history: a line for each person in a file, or one for a file of any other records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change
from dashboard.history.recording import Entry, record

NUMBER, FORMAT, COLUMNS, QUERY, SELECTED = "records", "format", "columns", "query", "selected"


class ExportedFile(NamedTuple):
    """A file with so many records of a kind, and what was asked for.

    ``format`` is what people call it. ``query`` is that of the list, as an address has it: its filters are
    named in words only where they are shown, to users who may read these. ``is_selection`` says that the
    records were selected one by one.
    """

    number: int
    format: str
    columns: Sequence[str] = ()
    query: str = ""
    is_selection: bool = False


def record_file(session: AnySession, kind: str, file: ExportedFile) -> None:
    """Record that a file of a kind was made."""
    told = {
        NUMBER: file.number,
        FORMAT: file.format,
        COLUMNS: [*file.columns],
        QUERY: file.query,
        SELECTED: file.is_selection,
    }
    fields = {name: (None, value) for name, value in told.items()}
    record(session, [Entry(kind, None, Action.EXPORT, None, fields)])


def record_people(session: AnySession, kind: str, keys: Iterable[Key]) -> None:
    """Record that the data of these people is in a file (security line 89)."""
    record(session, (Entry(kind, key, Action.EXPORT, None, {}) for key in keys))


def read_file(change: Change) -> ExportedFile | None:
    """The file whose export a change is; None of any other change, and of one that does not say it."""
    if not change.is_of_kind or change.is_erased:
        return None
    told = {name: after for name, (_, after) in change.pairs.items()}
    return ExportedFile(
        told.get(NUMBER, 0),
        told.get(FORMAT, ""),
        told.get(COLUMNS, []),
        told.get(QUERY, ""),
        told.get(SELECTED, False),
    )
