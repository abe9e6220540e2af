"""The names of records, read for all kinds at once: so many statements, however many kinds there are."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    Text,
    and_,
    case,
    cast,
    false,
    literal,
    select,
    true,
    type_coerce,
    union_all,
)

from dashboard.admin.ledger.visibility import visible_changes
from dashboard.database.binary_keys import as_text
from dashboard.database.keys import Key, is_plain, key_of
from dashboard.extensions import db
from dashboard.history.about import Named, last_changes
from dashboard.history.models import Change
from dashboard.permissions import Access
from dashboard.registry import Record, registry

MOST_KINDS = 200
"""The kinds in one statement: SQLite takes 500 parts."""


@dataclass(frozen=True)
class Followed:
    """A record with a history: its name, empty where it is no longer known, and whether it exists."""

    record: Record
    key: Key
    name: str
    exists: bool

    @property
    def words(self) -> str:
        """The record in a sentence."""
        return self.record.words(self.key, self.name)


@dataclass(frozen=True)
class Existing:
    """A record that exists; without its name where the current user may not see it."""

    name: str | None
    is_visible: bool


@dataclass(frozen=True)
class Names:
    """The names of records that were looked for, the last names of those that are gone.

    ``units`` are the fields that others are shown with, by record and field.
    """

    wanted: Collection[Named]
    existing: Mapping[Named, Existing]
    last: Mapping[Named, str | None]
    units: Mapping[tuple[Named, str], str]

    def of(self, record: Named) -> str | None:
        """The name of a record, now or when it was deleted."""
        found = self.existing.get(record)
        return found.name if found and found.name else self.last.get(record)

    def can_open(self, record: Named) -> bool:
        """Whether a record exists and the current user may see it."""
        return record in self.existing and self.existing[record].is_visible

    def is_gone(self, record: Named) -> bool:
        """Whether a record was looked for and is not there."""
        return record in self.wanted and record not in self.existing


def read_names(records: Iterable[Named], referred: Iterable[Named]) -> Names:
    """Read the names of records that exist, and the last names of those of `records` that are gone."""
    changed = {each for each in records if registry().get(each[0])}
    wanted = changed | {each for each in referred if registry().get(each[0])}
    existing: dict[Named, Existing] = {}
    units: dict[tuple[Named, str], str] = {}
    for parts in _slices(_parts(wanted)):
        for record, field, found, unit in _read(parts):
            existing[record] = found
            units[record, field] = unit if found.is_visible else ""
    gone = changed - existing.keys()
    return Names(wanted, existing, _last_names(gone) if gone else {}, units)


def _read(parts: Sequence[Part]) -> Iterator[tuple[Named, str, Existing, str]]:
    rows = union_all(*(part.statement(place) for place, part in enumerate(parts)))
    for place, number, name, unit, is_visible in db.session.execute(rows):
        part = parts[place]
        key = part.key(number)
        name = title_of(part.record, key, name) if is_visible else None
        yield (part.record.kind, key), part.unit, Existing(name, is_visible), unit or ""


@dataclass(frozen=True)
class Part:
    """Records of one kind to read, by the values of their keys, with a field that others are shown with."""

    record: Record
    values: Mapping[Key, Any]
    unit: str

    def statement(self, place: int) -> Select[Any]:
        """The rows, the columns of which have the same types for every kind."""
        unit = cast(getattr(self.record.model, self.unit), Text) if self.unit else literal("")
        title = as_text(self.record.title)
        columns: list[Any] = [literal(place), self._number(), title, unit, _is_visible(self.record)]
        return select(*columns).where(self.record.key.in_(self.values.values()))

    def key(self, number: int) -> Key:
        """The key of a row."""
        return number if is_plain(self.record.key.type) else [*self.values][number]

    def _number(self) -> ColumnElement[int]:
        """The key, or its place among the keys: the keys of all kinds have no type in common."""
        if is_plain(self.record.key.type):
            return type_coerce(self.record.key, Integer)
        return case(*((self.record.key == value, at) for at, value in enumerate(self.values.values())))


def title_of(record: Record, key: Key, title: str | None) -> str | None:
    """The name of a record from its title in the database: the text of its key where that is the title."""
    return str(key) if title and record.title.key == record.key.key else title


def name_in(kind: str, fields: str | None) -> str | None:
    """The name that a change gives its record or removes from it; None where it has no name."""
    pairs: Mapping[str, Sequence[Any]] = json.loads(fields or "{}")
    before, after = pairs.get(registry()[kind].title.key, (None, None))
    found = after or before
    return None if found is None else str(found)


def find_record(kind: str, text: str | None) -> Followed | None:
    """The record whose key is `text`; None where the current user may see neither it nor a change of it."""
    record = registry().get(kind)
    value = record.read_key(text) if record and text is not None else None
    if record is None or value is None or not record.allows(Access.READ):
        return None
    key = key_of(record.key.type, value)
    there = select(as_text(record.title)).where(record.key == value, *record.scope())
    its = select(Change.fields).where(Change.of(kind, key), visible_changes([kind]))
    last = its.order_by(Change.id.desc()).limit(1).scalar_subquery()
    exists, name, is_known, fields = db.session.execute(
        select(there.exists(), there.scalar_subquery(), its.exists(), last)
    ).one()
    name = title_of(record, key, name) or name_in(kind, fields) or ""
    return Followed(record, key, name, exists) if exists or is_known else None


def _parts(records: Iterable[Named]) -> Iterator[Part]:
    values: dict[str, dict[Key, Any]] = {}
    for kind, key in sorted(records, key=lambda each: (each[0], str(each[1]))):
        value = registry()[kind].read_key(str(key))
        if value is not None:  # else its table had another key once
            values.setdefault(kind, {})[key] = value
    for kind, its in values.items():
        record = registry()[kind]
        for unit in dict.fromkeys(unit.of for unit in record.units.values()) or ("",):
            yield Part(record, its, unit)


def _slices(parts: Iterator[Part]) -> Iterator[list[Part]]:
    while found := list(islice(parts, MOST_KINDS)):
        yield found


def _is_visible(record: Record) -> ColumnElement[bool]:
    return and_(true(), *record.scope()) if record.allows(Access.READ) else false()


def _last_names(records: Iterable[Named]) -> dict[Named, str | None]:
    """The names that records had when they were deleted, as far as the history has them."""
    changes = db.session.scalars(select(Change).where(Change.id.in_(last_changes(records))))
    return {(each.record_kind, each.key): name_in(each.record_kind, each.fields) for each in changes}
