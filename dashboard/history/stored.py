"""The rows of recorded objects in the database: read before a flush, and again after it.

Only the database knows what was in a value that was changed in place, whether None in a column of JSON is
SQL's NULL or JSON's null, and what its triggers made of a row.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import JSON, inspect, null, select
from sqlalchemy.orm import Session, aliased

from dashboard.database.composite_keys import identity_of
from dashboard.database.keys import Key, key_of
from dashboard.database.transactions import AnySession
from dashboard.history.values import differences
from dashboard.registry import VERSION_NOW, Record, Values, registry
from dashboard.search.index import among

VERSION = "version"
Stored = Mapping[tuple[str, Key], Values]
"""The rows of records by their kind and key, as `read_rows` reads them."""


def is_ambiguous(declared: Record, name: str, value: Any) -> bool:
    """Whether None in a field may be SQL's NULL or JSON's null."""
    return value is None and name not in declared.links and isinstance(_type(declared, name), JSON)


def _type(declared: Record, name: str) -> Any:
    return getattr(declared.model, name).type


def stored_fields(session: Session, declared: Record, record: Any, names: Collection[str]) -> dict[str, Any]:
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
        name: JSON.NULL if not is_sql and is_ambiguous(declared, name, value) else value
        for name, value, is_sql in zip(names, values, is_null, strict=True)
    }


def read_recorded(session: AnySession, declared: Record, keys: Sequence[Any]) -> dict[Key, dict[str, Any]]:
    """The stored ``version`` and recorded fields of the records with these keys, and what names them.

    JSON's null is `JSON.NULL`, a collection the keys in it.
    """
    found = read_rows(session, declared, keys)
    for name in declared.links:
        linked = _linked(session, declared, name, keys)
        for key, values in found.items():
            values[name] = linked.get(key, [])
    return found


def read_rows(session: AnySession, declared: Record, keys: Sequence[Any]) -> dict[Key, dict[str, Any]]:
    """The same without the collections, by one statement."""
    columns = {column.key: column for column in (*declared.columns, declared.title)}
    version = version_column(declared)
    wanted = [each.label(f"{at} {name}") for at, (name, each) in enumerate(columns.items())]
    flags = [each.is_(None) for each in columns.values()]
    shown = [declared.key, null() if version is None else version, *wanted, *flags]
    found = {}
    for key, number, *rest in session.execute(select(*shown).where(among(declared.key, keys))):
        values = _with_nulls(declared, columns, rest[: len(columns)], rest[len(columns) :])
        found[key_of(declared.key.type, key)] = {VERSION: number, VERSION_NOW: number, **values}
    return found


def read_back(session: Session, records: Iterable[Any]) -> Stored:
    """The rows of objects that a flush has just written, by one statement for each kind."""
    keys: dict[str, list[Any]] = {}
    for record in records:
        if declared := registry().find(type(record)):
            keys.setdefault(declared.kind, []).append(getattr(record, declared.key.key))
    return {
        (kind, key): row
        for kind, its in keys.items()
        for key, row in read_rows(session, registry()[kind], its).items()
    }


def expire_rewritten(session: Session, rows: Stored) -> None:
    """Let the attributes be read again, of whose values the database made something else."""
    for record in [*session.identity_map.values()] if rows else ():
        declared = registry().find(type(record))
        row = rows.get((declared.kind, _key_of(declared, record))) if declared else None
        if declared and row and (names := _rewritten(declared, record.__dict__, row)):
            session.expire(record, names)


def _key_of(declared: Record, record: Any) -> Key:
    """The key of a stored object, without reading it again."""
    return key_of(declared.key.type, identity_of(record))


def _rewritten(declared: Record, loaded: Values, row: Values) -> list[str]:
    its = {name: loaded[name] for name in declared.fields if name in row and name in loaded}
    nulls = {name: JSON.NULL for name, value in its.items() if value is None and row[name] is JSON.NULL}
    return [*differences(its | nulls, row, its, declared)]


def version_column(declared: Record) -> Any:
    """The attribute that counts versions; None where there is none."""
    mapper = inspect(declared.model)
    column = mapper.version_id_col
    return None if column is None else getattr(declared.model, mapper.get_property_by_column(column).key)


def _linked(session: AnySession, declared: Record, name: str, keys: Sequence[Any]) -> dict[Key, list[Key]]:
    """The keys in a collection of each of these records."""
    other = aliased(declared.links[name].entity.class_)
    [column] = inspect(other).mapper.primary_key
    target = getattr(other, inspect(other).mapper.get_property_by_column(column).key)
    pairs = select(declared.key, target).join(getattr(declared.model, name).of_type(other))
    found: dict[Key, list[Key]] = {}
    for key, its in session.execute(pairs.where(among(declared.key, keys))):
        found.setdefault(key_of(declared.key.type, key), []).append(key_of(column.type, its))
    return {key: sorted(others) for key, others in found.items()}
