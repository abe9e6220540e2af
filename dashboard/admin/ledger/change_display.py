"""Changes as people read them: which record, and each field with what it was and is."""

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
    Action.PURGE: "Deleted for good",
}
Named = tuple[str, int]
Shown = str | datetime | None
"""A value as it is shown: words, a moment, or None where there is none; an empty text is shown as empty."""


@dataclass(frozen=True)
class FieldDiff:
    """A field of a record, with what it was and is; as ``pieces`` too where that is a longer text."""

    label: str
    before: Shown
    after: Shown
    pieces: Sequence[Piece] = ()

    @property
    def value(self) -> Shown:
        """The only value, of a record that was made or deleted."""
        return self.after or self.before


@dataclass(frozen=True)
class Line:
    """A change of one record; ``url`` is None where the record is gone."""

    change: Change
    words: str
    record: str
    url: str | None
    fields: Sequence[FieldDiff]

    @property
    def what(self) -> str:
        """What was done to which record."""
        return f"{self.words} {self.record}"

    @property
    def is_whole(self) -> bool:
        """Whether it shows a record as it was made or as it went, and no differences."""
        return self.change.action is not Action.CHANGE


@dataclass
class Known:
    """What had to be looked up to show some changes.

    ``units`` are the fields that others are shown with, such as currencies, by record and field; ``later``
    what they were before a later change: its number, the record, the field and the text.
    """

    names: dict[Named, str] = field(default_factory=dict)
    gone: dict[Named, str | None] = field(default_factory=dict)
    units: dict[tuple[Named, str], str] = field(default_factory=dict)
    later: list[tuple[int, Named, str, str]] = field(default_factory=list)

    def name(self, kind: str, key: int) -> str | None:
        """The name of a record, now or when it went."""
        return self.names.get((kind, key)) or self.gone.get((kind, key))

    def unit(self, change: Change, name: str) -> str:
        """The field `name` of a record right after a change: what was replaced next, or what it has."""
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
    """Changes with everything that showing them takes, in at most three queries."""
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
    """The fields of a change in the order of their record, those without a value left out of a whole one."""
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
    """What a field was (0) or is (1) in people's words, from what the ledger holds of it."""
    kept = change.pairs[name][place]
    if kept is None or kept == "":
        return None if kept is None else ""
    try:
        record = registry()[change.record_kind]
        value = value_of(record, name, kept)
    except (KeyError, AttributeError, ValueError, TypeError, ArithmeticError):
        return str(kept)  # of a field or a choice that there is no more
    if unit := record.units.get(name):
        return unit.show(value, _unit(change, unit.of, place, known)).strip()
    if kind := record.references.get(name):
        return known.name(kind, value) or f"{record_words(kind, value, None)}, deleted"
    return value if isinstance(value, datetime) else in_words(value)


def in_words(value: Any) -> str:
    """A value that is no amount of money, no moment and no other record, as people read it."""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Enum):
        return str(value.value).capitalize()
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def _is_text(record: Record | None, name: str) -> bool:
    """Whether a field holds a text of any length, whose changes are shown word by word."""
    column = getattr(record.model, name, None) if record else None
    return column is not None and isinstance(column.type, Text)


def _unit(change: Change, name: str, place: int, known: Known) -> str:
    """The field `name` before (0) or after (1) a change of a record, as the field beside it needs it."""
    if name not in change.pairs:
        return known.unit(change, name)
    return str(change.pairs[name][place] or "")


# What has to be looked up.


def _look_up(changes: Sequence[Change]) -> Known:
    known = Known()
    records = {
        (change.record_kind, change.record_id) for change in changes if registry().get(change.record_kind)
    }
    _read_names(known, records | set(_referred_to(changes)))
    gone = records - known.names.keys()
    if gone:
        known.gone = _last_names(gone)
    _read_units(known, changes)
    return known


def _referred_to(changes: Iterable[Change]) -> Iterator[Named]:
    """The other records that changes name, before or after, as far as they are of a kind of the console."""
    for change in changes:
        record = registry().get(change.record_kind)
        for name, kind in (record.references if record else {}).items():
            if registry().get(kind):
                yield from ((kind, key) for key in change.pairs.get(name, ()) if isinstance(key, int))


def _read_names(known: Known, records: Collection[Named]) -> None:
    """The names that records have, and the fields that others are shown with, in one query."""
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
    """The names that records had when they went, as far as the history says."""
    wanted = [Change.of(kind, key) for kind, key in sorted(records)]
    last = select(func.max(Change.id)).where(or_(*wanted)).group_by(Change.record_kind, Change.record_id)
    rows = select(Change.record_kind, Change.record_id, Change.fields).where(Change.id.in_(last))
    return {(kind, key): name_in(kind, fields) for kind, key, fields in db.session.execute(rows)}


def _read_units(known: Known, changes: Sequence[Change]) -> None:
    """What fields that others are shown with were later: an amount says nothing of its currency by itself."""
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
    """Read the changes of the field `name` of the records of `changes` that came after the first of these."""
    keys = {change.record_id for change in changes}
    later = select(Change).where(Change.record_kind == kind, Change.record_id.in_(keys))
    later = later.where(Change.id > min(change.id for change in changes))
    return later.where(Change.fields.contains(f'"{name}":')).order_by(Change.id)
