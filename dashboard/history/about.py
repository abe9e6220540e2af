"""The changes of records, whatever the type of their keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Select,
    String,
    Uuid,
    and_,
    case,
    cast,
    false,
    func,
    or_,
    select,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from dashboard.database.binary_keys import as_text, is_binary
from dashboard.database.composite_keys import CompositeKey
from dashboard.database.keys import Key, is_plain
from dashboard.database.types import is_text
from dashboard.history.entries import NO_NUMBER
from dashboard.history.models import OF_KIND, Change, has_record, stored_key
from dashboard.registry import Record
from dashboard.search.index import by_database

Named = tuple[str, Key]
"""A record in the history: its kind and its key."""
NAMING = (Change.record_kind, Change.record_id, Change.record_key)
"""The columns of a change from which `named_by` reads its record."""


def named_by(change: Any) -> Named:
    """The record of a change that was read with the columns in `NAMING`."""
    return change.record_kind, stored_key(change.record_id, change.record_key)


def about(records: Iterable[Named]) -> ColumnElement[bool]:
    """The condition for changes of these records; the changes of each kind are found in an index."""
    keys: dict[tuple[str, bool], list[Key]] = {}
    for kind, key in records:
        keys.setdefault((kind, isinstance(key, str)), []).append(key)
    found = (
        and_(
            Change.record_kind == kind,
            (Change.record_key if is_text else Change.record_id).in_(its),
            *([has_record(Change)] if {*OF_KIND} & {*its} else []),
        )
        for (kind, is_text), its in keys.items()
    )
    return or_(false(), *found)


def about_rows(record: Record, *conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """The condition for changes of records of a kind that exist and meet `conditions`."""
    if is_plain(record.key.type):
        there: ColumnElement[bool] = Change.record_id.in_(select(record.key).where(*conditions))
    else:
        there = record_of(Change, record, record.key).where(*conditions).exists()
    return and_(Change.record_kind == record.kind, has_record(Change), there)


def record_of(change: type[Change], record: Record, *columns: Any) -> Select[Any]:
    """Select `columns` of the record that a change is about, if it is of the kind `record`.

    It is part of a statement that reads `change`, which may be an alias.
    """
    rows = select(*columns).correlate(change)
    if is_plain(record.key.type):
        return rows.where(record.key == change.record_id, has_record(change))
    # PostgreSQL fails where it reads the key of another kind as one of this type, or the text of no record.
    its = case((and_(change.record_kind == record.kind, has_record(change)), change.record_key))
    return rows.where(_has_text(record.key, its))


def last_fields(change: type[Change]) -> ColumnElement[str | None]:
    """The last fields that the history has of the record of a change, within a statement that reads it."""
    last = aliased(Change, name="last")
    its = select(last.fields).where(last.record_kind == change.record_kind).order_by(last.id.desc()).limit(1)
    its = its.correlate(change)
    by_number = its.where(last.record_id == change.record_id, has_record(last)).scalar_subquery()
    by_text = its.where(last.record_key == change.record_key, has_record(last)).scalar_subquery()
    return case((change.record_key.is_(None), by_number), else_=by_text)


def last_changes(records: Iterable[Named]) -> Select[int]:
    """The number of the last change of each of these records."""
    last = select(func.max(Change.id)).where(about(records))
    return last.group_by(Change.record_kind, Change.record_id, Change.record_key)


def unstored_change(kind: str, key: Key, **columns: Any) -> Change:
    """A change of a record that is only shown."""
    number, text = (key, None) if isinstance(key, int) else (NO_NUMBER, key)
    return Change(record_kind=kind, record_id=number, record_key=text, **columns)


def _has_text(key: InstrumentedAttribute[Any], text: ColumnElement[str | None]) -> ColumnElement[bool]:
    """Whether a key has this text; the text is read where it can be, so that an index finds the key."""
    kind = key.type
    if isinstance(kind, CompositeKey):
        return key == text
    if is_text(kind):
        return key == text
    if isinstance(kind, BigInteger):
        return key == cast(text, BigInteger)
    if isinstance(kind, Uuid):
        return by_database(key == func.replace(text, "-", "", type_=String), key == cast(text, kind))
    if is_binary(kind):
        return as_text(key) == func.replace(text, "-", "", type_=String)  # a UUID may be stored as bytes
    return cast(key, String) == text
