"""The fields that each change set has changed, in a table that the history is filtered by.

A set with the changes of a hundred thousand records has one row for each field. The rows say nothing that the
changes do not say: no seal covers them, and they are written with the changes, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, Text, and_, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite

from dashboard.database.transactions import AnySession
from dashboard.history.entries import Entry
from dashboard.history.models import Action, Change, ChangedField
from dashboard.history.recording import change_set_of, follow_entries
from dashboard.search.index import by_database


def init_changed_fields() -> None:
    """Note the changed fields whenever the history records a change."""
    follow_entries(note_fields)


def note_fields(session: AnySession, entries: Sequence[Entry]) -> None:
    """Note the fields that these changes of existing records have changed.

    A created or deleted record has all its fields at once, which is no change of any of them.
    """
    found = {(each.kind, name) for each in entries if each.action is Action.CHANGE for name in each.fields}
    written = change_set_of(session)
    if not found or written is None:
        return
    connection = session.connection()
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    # A field that an earlier flush has changed is there already.
    statement = dialect.insert(ChangedField.__table__).on_conflict_do_nothing()
    rows = [
        {"change_set_id": written.key, "record_kind": kind, "field": name} for kind, name in sorted(found)
    ]
    connection.execute(statement, rows)


def sets_with(kind: str, fields: Sequence[str]) -> Select[int]:
    """Select the numbers of the change sets that changed one of these fields of records of a kind."""
    its = select(ChangedField.change_set_id).where(ChangedField.record_kind == kind)
    return its.where(ChangedField.field.in_(fields))


def has_changed(kind: str, field: str) -> ColumnElement[bool]:
    """The condition for changes of the field of an existing record, judged by what they still say."""
    path = '$."' + field.replace('"', "") + '"'
    by_sqlite = func.json_type(Change.fields, path).is_not(None)
    by_postgresql = cast(Change.fields, postgresql.JSON).op("->")(cast(field, Text)).is_not(None)
    says_it: ColumnElement[Any] = by_database(by_sqlite, by_postgresql)
    return and_(Change.record_kind == kind, Change.action == Action.CHANGE, says_it)
