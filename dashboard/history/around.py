"""The recorded values of an object before and after a flush."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, inspect
from sqlalchemy.orm import AttributeState, InstanceState, Session

from dashboard.database.links import keys_of
from dashboard.history.stored import is_ambiguous, stored_fields
from dashboard.registry import Record, Values


class Before(NamedTuple):
    """The values of an object before a flush, and the names of the fields that the flush changes.

    ``stored`` are those that the database writes otherwise, as it does.
    """

    values: Mapping[str, Any]
    changed: Collection[str]
    stored: Mapping[str, Any] = {}


Befores = Mapping[InstanceState[Any], Before]


def values_before(session: Session, declared: Record, record: Any) -> Before:
    """The values of a changed object that is about to be flushed, but its unchanged collections."""
    state: InstanceState[Any] = inspect(record)
    # Most columns are as they were read; asking the attribute of each takes most of the time of a flush.
    touched = [name for name in declared.fields if name in state.committed_state or name in declared.links]
    attributes = {name: AttributeState(state, name) for name in touched}
    changed = {name for name in touched if _is_changed(attributes[name])}
    values = {
        name: _old_keys(attributes[name])
        if name in declared.links
        else _old(record, attributes[name])
        if name in attributes
        else record.__dict__.get(name, UNKNOWN)
        for name in declared.fields
        if name in changed or name not in declared.links
    }
    unknown = [
        name
        for name, value in values.items()
        if value is UNKNOWN or (name in changed and is_ambiguous(declared, name, value))
    ]
    return Before({**values, **stored_fields(session, declared, record, unknown)}, changed)


def values_before_deletion(session: Session, declared: Record, record: Any) -> Before:
    """All values of an object that is about to be deleted."""
    values = declared.values(record)
    unknown = [name for name, value in values.items() if is_ambiguous(declared, name, value)]
    return Before({**values, **stored_fields(session, declared, record, unknown)}, declared.fields)


def values_of_new(declared: Record, record: Any, row: Values) -> dict[str, Any]:
    """All values of an object that was flushed for the first time, whose row in the database is `row`."""
    links = {name: keys_of(getattr(record, name)) for name in declared.links if name in record.__dict__}
    return {**_now(declared, record, row), **links}


def values_around(
    declared: Record, record: Any, before: Before | None, row: Values
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The values of an object before and after its flush; `before` is None where the flush changed it."""
    old, changed, _ = before or NOTHING
    links = {name: keys_of(getattr(record, name)) for name in declared.links if name in changed}
    now = {**_now(declared, record, row), **links}
    by_flush = {
        name: _first(AttributeState(inspect(record), name).history.deleted, now[name])
        for name in now.keys() - old.keys()
    }
    # An object has None for JSON's null as well; what nobody changed was that before.
    nulls = {
        name: JSON.NULL
        for name in old
        if name not in changed and old[name] is None and now[name] is JSON.NULL
    }
    return {**old, **nulls, **by_flush}, now


def written_by_database(record: Any, before: Before | None, names: Iterable[str]) -> Iterator[str]:
    """Those of the changed fields that nobody gave a value, such as a column that a trigger writes."""
    state, changed = inspect(record), (before or NOTHING).changed
    others = (name for name in names if name not in changed)
    return (name for name in others if not _is_changed(AttributeState(state, name)))


def _now(declared: Record, record: Any, row: Values) -> dict[str, Any]:
    """The fields of a row; those of the object where the row is not found by its key."""
    return {
        name: row[name] if name in row else getattr(record, name)
        for name in declared.fields
        if name not in declared.links
    }


NOTHING = Before({}, ())
UNKNOWN = object()
"""Stands for an old value that the object does not know."""


def _is_changed(attribute: AttributeState) -> bool:
    history = attribute.history
    return bool(history.added or history.deleted)


def _first(values: Sequence[Any], otherwise: Any) -> Any:
    return values[0] if values else otherwise


def _old(record: Any, attribute: AttributeState) -> Any:
    history = attribute.history
    if history.deleted:
        return history.deleted[0]
    return UNKNOWN if history.added or attribute.key not in record.__dict__ else attribute.value


def _old_keys(attribute: AttributeState) -> Any:
    history = attribute.load_history()
    return keys_of([*(history.unchanged or ()), *(history.deleted or ())])
