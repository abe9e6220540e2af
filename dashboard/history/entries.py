"""The lines of the ledger: one for each record that a transaction creates, changes or deletes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import inspect

from dashboard.database.keys import Key
from dashboard.history.around import Befores, values_around, values_of_new, written_by_database
from dashboard.history.models import OF_KIND, UNASKED, Action, as_stored
from dashboard.history.stored import Stored
from dashboard.history.values import differences
from dashboard.registry import VERSION_NOW, Record, Values

NO_NUMBER = 0
"""The ``record_id`` of a record whose key is no plain integer."""
Fields = Mapping[str, tuple[Any, ...]]


@dataclass(frozen=True)
class Entry:
    """A change of one record: the values of its ``fields`` before and after, its ``version`` after it.

    Without a ``key`` it is about the kind as a whole. Fields that the database wrote by itself have `UNASKED`
    besides, and values before that it had in another way what `as_stored` makes of that.
    """

    kind: str
    key: Key | None
    action: Action
    version: int | None
    fields: Fields

    @property
    def number_and_text(self) -> tuple[int, str]:
        """The key as a number, or as a text; the other is 0 or empty. That of a kind is `OF_KIND`."""
        if self.key is None:
            return OF_KIND
        return (self.key, "") if isinstance(self.key, int) else (NO_NUMBER, self.key)


def created(rows: Stored, declared: Record, record: Any) -> Entry:
    """The creation of an object that a flush has written."""
    key = declared.key_of(record)
    row = rows.get((declared.kind, key), {})
    fields = differences({}, values_of_new(declared, record, row), declared.fields, declared)
    return Entry(declared.kind, key, Action.CREATE, _version(declared, record, row), fields)


def changed(befores: Befores, rows: Stored, declared: Record, record: Any) -> Entry | None:
    """The change of an object that a flush has written; None where no recorded field was changed."""
    key = declared.key_of(record)
    row = rows.get((declared.kind, key), {})
    before = befores.get(inspect(record))
    fields: Fields = differences(*values_around(declared, record, before, row), declared.fields, declared)
    unasked = {name: (*fields[name], UNASKED) for name in written_by_database(record, before, fields)}
    whole: Fields = {**fields, **unasked}
    stored = before.stored if before else {}
    kept = {name: (*whole[name], as_stored(stored[name])) for name in stored.keys() & whole.keys()}
    version = _version(declared, record, row)
    return Entry(declared.kind, key, Action.CHANGE, version, {**whole, **kept}) if fields else None


def _version(declared: Record, record: Any, row: Values) -> int | None:
    version: int | None = row[VERSION_NOW] if row else declared.version_of(record)
    return version


def deleted(befores: Befores, declared: Record, record: Any) -> Entry:
    """The deletion of an object."""
    its = befores.get(inspect(record))
    fields = differences(its.values if its else declared.values(record), {}, declared.fields, declared)
    return Entry(declared.kind, declared.key_of(record), Action.DELETE, None, fields)
