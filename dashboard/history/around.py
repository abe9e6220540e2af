"""The recorded values of an object before and after a flush, as far as the object or the database knows them.

Only the database knows what was in a value that was changed in place, and whether None in a column of JSON is
SQL's NULL or JSON's null.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import JSON, inspect, null, select
from sqlalchemy.orm import AttributeState, InstanceState, Session, aliased

from dashboard.database.composite_keys import identity_of
from dashboard.database.keys import Key, key_of
from dashboard.database.links import keys_of
from dashboard.database.transactions import AnySession
from dashboard.registry import VERSION_NOW, Record
from dashboard.search.index import among


class Before(NamedTuple):
    """The values of an object before a flush, and the names of the fields that the flush changes."""

    values: Mapping[str, Any]
    changed: Collection[str]


Befores = Mapping[InstanceState[Any], Before]


def values_before(session: Session, declared: Record, record: Any) -> Before:
    """The values of a changed object that is about to be flushed, without those that were not loaded."""
    attributes = inspect(record).attrs
    changed = {name for name in declared.fields if _is_changed(attributes[name])}
    values = {
        name: _old_keys(attributes[name]) if name in declared.links else _old(attributes[name])
        for name in declared.fields
        if name in changed or (name in record.__dict__ and name not in declared.links)
    }
    unknown = [
        name for name in changed if values[name] is UNKNOWN or _is_ambiguous(declared, name, values[name])
    ]
    return Before({**values, **_stored(session, declared, record, unknown)}, changed)


def values_before_deletion(session: Session, declared: Record, record: Any) -> Before:
    """All values of an object that is about to be deleted."""
    values = declared.values(record)
    unknown = [name for name, value in values.items() if _is_ambiguous(declared, name, value)]
    return Before({**values, **_stored(session, declared, record, unknown)}, declared.fields)


def values_of_new(declared: Record, record: Any) -> dict[str, Any]:
    """All values of an object that was flushed for the first time."""
    attributes = inspect(record).attrs
    values = {name: getattr(record, name) for name in declared.fields if name not in declared.links}
    nulls = {
        name: JSON.NULL
        for name, value in values.items()
        if _is_ambiguous(declared, name, value) and _was_given(attributes[name])
    }
    links = {name: keys_of(getattr(record, name)) for name in declared.links if name in record.__dict__}
    return {**values, **nulls, **links}


def values_around(
    session: Session, declared: Record, record: Any, before: Before | None
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """The values of an object before and after its flush; `before` is None where the flush changed it."""
    attributes, (old, changed) = inspect(record).attrs, before or NOTHING
    now = {
        name: keys_of(getattr(record, name)) if name in declared.links else getattr(record, name)
        for name in declared.fields
        if name not in declared.links or name in changed
    }
    by_flush = {name: _first(attributes[name].history.deleted, now[name]) for name in now.keys() - old.keys()}
    unknown = [name for name in changed if _is_ambiguous(declared, name, now[name])]
    return {**old, **by_flush}, now | _stored(session, declared, record, unknown)


NOTHING = Before({}, ())
UNKNOWN = object()
"""Stands for an old value that the object does not know."""


def _is_changed(attribute: AttributeState) -> bool:
    history = attribute.history
    return bool(history.added or history.deleted)


def _first(values: Sequence[Any], otherwise: Any) -> Any:
    return values[0] if values else otherwise


def _old(attribute: AttributeState) -> Any:
    history = attribute.history
    if history.deleted:
        return history.deleted[0]
    return UNKNOWN if history.added else attribute.value


def _old_keys(attribute: AttributeState) -> Any:
    history = attribute.load_history()
    return keys_of([*(history.unchanged or ()), *(history.deleted or ())])


def _is_ambiguous(declared: Record, name: str, value: Any) -> bool:
    return value is None and name not in declared.links and isinstance(_type(declared, name), JSON)


def _type(declared: Record, name: str) -> Any:
    return getattr(declared.model, name).type


def _was_given(attribute: AttributeState) -> bool:
    """Whether JSON's null was given to a new object, and not nothing."""
    return any(each is None or each is JSON.NULL for each in attribute.history.added or ())


def _stored(session: Session, declared: Record, record: Any, names: Collection[str]) -> dict[str, Any]:
    """The values of these fields in the database."""
    if not names:
        return {}
    columns = [getattr(declared.model, name) for name in names]
    flags = [column.is_(None) for column in columns]
    its = declared.key == identity_of(record)
    row = session.execute(select(*columns, *flags).where(its)).one_or_none()
    if row is None:  # another transaction deleted it; the flush says so
        return {}
    return _with_nulls(declared, names, row[: len(columns)], row[len(columns) :])


def _with_nulls(
    declared: Record, names: Iterable[str], values: Sequence[Any], is_null: Sequence[bool]
) -> dict[str, Any]:
    """The values by name, with JSON's null as `JSON.NULL`."""
    return {
        name: JSON.NULL if not is_sql and _is_ambiguous(declared, name, value) else value
        for name, value, is_sql in zip(names, values, is_null, strict=True)
    }


def read_recorded(session: AnySession, declared: Record, keys: Sequence[Any]) -> dict[Key, dict[str, Any]]:
    """The stored ``version`` and recorded fields of the records with these keys, and what names them.

    JSON's null is `JSON.NULL`, a collection the keys in it.
    """
    columns = {column.key: column for column in (*declared.columns, declared.title)}
    version = version_column(declared)
    wanted = [each.label(f"{at} {name}") for at, (name, each) in enumerate(columns.items())]
    flags = [each.is_(None) for each in columns.values()]
    shown = [declared.key, null() if version is None else version, *wanted, *flags]
    found = {}
    for key, number, *rest in session.execute(select(*shown).where(among(declared.key, keys))):
        values = _with_nulls(declared, columns, rest[: len(columns)], rest[len(columns) :])
        found[key] = {
            "version": number,
            VERSION_NOW: number,
            **values,
            **{name: [] for name in declared.links},
        }
    for name in declared.links:
        for key, others in _linked(session, declared, name, keys).items():
            found[key][name] = others
    return {key_of(declared.key.type, key): values for key, values in found.items()}


def version_column(declared: Record) -> Any:
    """The attribute that counts versions; None where there is none."""
    mapper = inspect(declared.model)
    column = mapper.version_id_col
    return None if column is None else getattr(declared.model, mapper.get_property_by_column(column).key)


def _linked(session: AnySession, declared: Record, name: str, keys: Sequence[Any]) -> dict[Any, list[Key]]:
    """The keys in a collection of each of these records."""
    other = aliased(declared.links[name].entity.class_)
    [column] = inspect(other).mapper.primary_key
    target = getattr(other, inspect(other).mapper.get_property_by_column(column).key)
    pairs = select(declared.key, target).join(getattr(declared.model, name).of_type(other))
    found: dict[Any, list[Key]] = {}
    for key, its in session.execute(pairs.where(among(declared.key, keys))):
        found.setdefault(key, []).append(key_of(column.type, its))
    return {key: sorted(others) for key, others in found.items()}
