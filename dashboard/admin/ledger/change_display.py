"""Changes in words: the record, and each field with its value before and after."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any

from flask import url_for
from sqlalchemy import Select, Text, func, literal, or_, select, union_all

from dashboard.admin.ledger.change_summary import name_in, record_words
from dashboard.extensions import db
from dashboard.history.diff import Piece, condensed, differences_in
from dashboard.history.models import Action, Change
from dashboard.history.values import value_of
from dashboard.registry import Record, registry

LONG_TEXT = 40
WORDS = {
    Action.CREATE: "Created",
    Action.CHANGE: "Edited",
    Action.DELETE: "Deleted",
    Action.EXPORT: "Exported",
    Action.PURGE: "Permanently deleted",
}
Named = tuple[str, int]
Shown = str | datetime | None
"""A value as it is shown: words, a moment, or None where the field had no value; an empty text is ``""``."""


@dataclass(frozen=True)
class FieldDiff:
    """A field with its value before and after; ``pieces`` are the differences of longer texts."""

    label: str
    before: Shown
    after: Shown
    pieces: Sequence[Piece] = ()

    @property
    def value(self) -> Shown:
        """The only value, of a record that was created or deleted."""
        return self.after or self.before


@dataclass(frozen=True)
class Line:
    """A change of one record; ``url`` is None where the record was deleted."""

    change: Change
    words: str
    record: str
    url: str | None
    fields: Sequence[FieldDiff]

    @property
    def what(self) -> str:
        """The action and the record, in words."""
        return f"{self.words} {self.record}"

    @property
    def is_whole(self) -> bool:
        """Whether it shows all fields of a created or deleted record, and no differences."""
        return self.change.action is not Action.CHANGE


@dataclass
class Known:
    """The data of other tables that some changes are shown with.

    ``units`` are the fields that others are shown with, such as currencies, by record and field. ``later``
    holds their values before later changes: the number of the change, the record, the field and the text.
    """

    names: dict[Named, str] = field(default_factory=dict)
    deleted: dict[Named, str | None] = field(default_factory=dict)
    units: dict[tuple[Named, str], str] = field(default_factory=dict)
    later: list[tuple[int, Named, str, str]] = field(default_factory=list)

    def name(self, kind: str, key: int) -> str | None:
        """The name of a record, now or when it was deleted."""
        return self.names.get((kind, key)) or self.deleted.get((kind, key))

    def unit(self, change: Change, name: str) -> str:
        """The field `name` of a record right after a change: the value replaced next, or the present one."""
        its = (change.record_kind, change.record_id)
        return next(
            (
                text
                for at, record, field, text in self.later
                if (record, field) == (its, name) and at > change.id
            ),
            self.units.get((its, name), ""),
        )


def read_lines(changes: Sequence[Change]) -> list[Line]:
    """Changes with all that is needed to show them, in at most three queries."""
    known = _look_up(changes)
    return [_line(change, known) for change in changes]


def _line(change: Change, known: Known) -> Line:
    kind, key = change.record_kind, change.record_id
    exists = (kind, key) in known.names
    return Line(
        change,
        WORDS[change.action],
        record_words(kind, key, known.name(kind, key)),
        url_for(f"{kind}.details_view", id=key) if exists else None,
        list(_fields(change, known)),
    )


def _fields(change: Change, known: Known) -> Iterable[FieldDiff]:
    """The fields of a change in the order of their record; a whole record without its empty fields."""
    record = registry().get(change.record_kind)
    pairs, labels = change.pairs, dict(record.fields) if record else {}
    for name in sorted(pairs, key=[*labels, *pairs].index):
        old, new = pairs[name]
        if change.action is not Action.CHANGE and (new or old) in (None, ""):
            continue
        before, after = (_shown(change, name, place, known) for place in (0, 1))
        is_long = _is_text(record, name) or max(len(str(old)), len(str(new))) > LONG_TEXT
        pieces: tuple[Piece, ...] = ()
        if is_long and isinstance(old, str) and isinstance(new, str) and old and new:
            pieces = tuple(condensed(differences_in(old, new)))
        yield FieldDiff(labels.get(name, name), before, after, pieces)


def _shown(change: Change, name: str, place: int, known: Known) -> Shown:
    """The value of a field before (0) or after (1) a change as it is shown, from the recorded value."""
    recorded = change.pairs[name][place]
    if recorded is None or recorded == "":
        return None if recorded is None else ""
    try:
        record = registry()[change.record_kind]
        value = value_of(record, name, recorded)
    except (KeyError, AttributeError, ValueError, TypeError, ArithmeticError):
        return str(recorded)  # of a field or a choice that no longer exists
    if unit := record.units.get(name):
        return unit.show(value, _unit(change, unit.of, place, known)).strip()
    if kind := record.references.get(name):
        return known.name(kind, value) or f"{record_words(kind, value, None)}, deleted"
    return value if isinstance(value, datetime) else in_words(value)


def in_words(value: Any) -> str:
    """A value in words, unless it is an amount of money, a moment or another record."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Enum):
        return str(value.value).capitalize()
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _is_text(record: Record | None, name: str) -> bool:
    """Whether a field holds a text of any length; its changes are shown word by word."""
    column = getattr(record.model, name, None) if record else None
    return isinstance(getattr(column, "type", None), Text)


def _unit(change: Change, name: str, place: int, known: Known) -> str:
    """The field `name` before (0) or after (1) a change, for a field that is shown with it."""
    if name not in change.pairs:
        return known.unit(change, name)
    return str(change.pairs[name][place] or "")


# Looking up the data of other tables.


def _look_up(changes: Sequence[Change]) -> Known:
    known = Known()
    records = {
        (change.record_kind, change.record_id) for change in changes if registry().get(change.record_kind)
    }
    _read_names(known, records | set(_referred_to(changes)))
    deleted = records - known.names.keys()
    if deleted:
        known.deleted = _last_names(deleted)
    _read_units(known, changes)
    return known


def _referred_to(changes: Iterable[Change]) -> Iterator[Named]:
    """The records that changes refer to, before or after, if the console has their kind."""
    for change in changes:
        record = registry().get(change.record_kind)
        for name, kind in (record.references if record else {}).items():
            if registry().get(kind):
                yield from ((kind, key) for key in change.pairs.get(name, ()) if isinstance(key, int))


def _read_names(known: Known, records: Collection[Named]) -> None:
    """Read the names of records, and the fields that others are shown with, in one query."""
    parts = []
    for kind in sorted({kind for kind, _ in records}):
        record, keys = registry()[kind], [key for its, key in records if its == kind]
        unit = next((unit.of for unit in record.units.values()), None)
        shown = getattr(record.model, unit) if unit else literal("")
        parts.append(
            select(literal(kind), record.key, record.title, literal(unit or ""), shown).where(
                record.key.in_(keys)
            )
        )
    if parts:
        for kind, key, name, unit, text in db.session.execute(union_all(*parts)):
            known.names[kind, key] = name
            if text:
                known.units[(kind, key), unit] = text


def _last_names(records: Collection[Named]) -> dict[Named, str | None]:
    """The names that records had when they were deleted, as far as the history has them."""
    wanted = [Change.of(kind, key) for kind, key in sorted(records)]
    last = select(func.max(Change.id)).where(or_(*wanted)).group_by(Change.record_kind, Change.record_id)
    rows = select(Change.record_kind, Change.record_id, Change.fields).where(Change.id.in_(last))
    return {(kind, key): name_in(kind, fields) for kind, key, fields in db.session.execute(rows)}


def _read_units(known: Known, changes: Sequence[Change]) -> None:
    """Read later values of fields that others are shown with: an amount does not record its currency."""
    wanted: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        record = registry().get(change.record_kind)
        for name, unit in (record.units if record else {}).items():
            if name in change.pairs and unit.of not in change.pairs:
                wanted.setdefault((change.record_kind, unit.of), []).append(change)
    for (kind, name), found in wanted.items():
        for later in db.session.scalars(_later_changes(kind, name, found)):
            before, _ = later.pairs.get(name, (None, None))
            if before:
                known.later.append((later.id, (kind, later.record_id), name, before))


def _later_changes(kind: str, name: str, changes: Sequence[Change]) -> Select[Change]:
    """The changes of the field `name` after the first of `changes`, of the records of these."""
    keys = {change.record_id for change in changes}
    later = select(Change).where(Change.record_kind == kind, Change.record_id.in_(keys))
    later = later.where(Change.id > min(change.id for change in changes))
    return later.where(Change.fields.contains(f'"{name}":')).order_by(Change.id)
