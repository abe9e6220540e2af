"""Changes in words: the record, and each field with its value before and after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, ColumnElement, Text, and_, inspect, or_, select
from sqlalchemy import Enum as ChoiceType
from sqlalchemy.types import TypeEngine

from dashboard.admin.kit.pictures import ShownFile, shown_files
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.admin.ledger.change_summary import record_words
from dashboard.admin.ledger.exported_files import file_facts, file_words
from dashboard.admin.ledger.names import Names, read_names
from dashboard.admin.ledger.value_words import choice_words, in_words, is_to_the_minute, json_words
from dashboard.database.keys import Key, key_of
from dashboard.database.types import is_aware
from dashboard.extensions import db
from dashboard.files.lists import FileList, ImageList
from dashboard.history.about import Named, about
from dashboard.history.diff import Piece, condensed, differences_in
from dashboard.history.models import Action, Change
from dashboard.history.values import value_of
from dashboard.number_form import number_words
from dashboard.registry import Record, registry

LONG_TEXT = 40
MOST_NAMED = 20
"""The records that are named where a record refers to many."""
EMPTY: tuple[Any, ...] = (None, "", [], {})
WORDS = {
    Action.CREATE: "Created",
    Action.CHANGE: "Edited",
    Action.DELETE: "Deleted",
    Action.EXPORT: "Exported",
    Action.LINK: "Link created",
    Action.PURGE: "Permanently deleted",
}
UNREADABLE = (LookupError, AttributeError, ValueError, TypeError, ArithmeticError, RuntimeError)
"""The errors of a value whose field or choice no longer exists."""


@dataclass(frozen=True)
class FilesThen:
    """The files of a record before or after a change."""

    files: Sequence[ShownFile]


Shown = str | datetime | FilesThen | None
"""A value as it is shown: words, a moment, files, or None where the field had no value; an empty text is
``""``."""


@dataclass(frozen=True)
class FieldDiff:
    """A field with its value before and after; ``pieces`` are the differences of longer texts."""

    label: str
    before: Shown
    after: Shown
    pieces: Sequence[Piece] = ()
    name: str = ""

    @property
    def value(self) -> Shown:
        """The only value, of a record that was created or deleted."""
        return self.after or self.before


@dataclass(frozen=True)
class Line:
    """A change of one record, or of a kind; ``url`` is None where there is no record to open."""

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

    ``later`` holds the values of fields that others are shown with, such as currencies, before later changes:
    the number of the change, the record, the field and the text.
    """

    names: Names
    later: list[tuple[int, Named, str, str]] = field(default_factory=list)

    def unit(self, change: Change, name: str) -> str:
        """The field `name` of a record right after a change: the value replaced next, or the present one."""
        its = _record_of(change)
        return next(
            (
                text
                for at, record, field, text in self.later
                if (record, field) == (its, name) and at > change.id
            ),
            self.names.units.get((its, name), ""),
        )


def read_lines(changes: Sequence[Change]) -> list[Line]:
    """Changes with all that is needed to show them, in at most three queries."""
    of_records = [change for change in changes if not change.is_of_kind]
    names = read_names(map(_record_of, of_records), _references(of_records))
    known = Known(names, list(_later_units(of_records)))
    return [_line_of_kind(change) if change.is_of_kind else _line(change, known) for change in changes]


def _line_of_kind(change: Change) -> Line:
    facts = [FieldDiff(label, None, value) for label, value in file_facts(change)]
    return Line(change, WORDS[change.action], file_words(change), None, facts)


def _record_of(change: Change) -> Named:
    return change.record_kind, change.key


def _line(change: Change, known: Known) -> Line:
    record = _record_of(change)
    return Line(
        change,
        WORDS[change.action],
        record_words(*record, known.names.of(record)),
        record_url(*record) if known.names.can_open(record) else None,
        list(_fields(change, known)),
    )


def record_url(kind: str, key: Key) -> str:
    """The address of a record that the console has a screen for."""
    return ScreenUrls(registry()[kind].endpoint).page_of(key)


def _fields(change: Change, known: Known) -> Iterable[FieldDiff]:
    """The fields of a change in the order of their record; a whole record without its empty fields."""
    record = registry().get(change.record_kind)
    pairs, labels = change.pairs, dict(record.fields) if record else {}
    for name in sorted(pairs, key=[*labels, *pairs].index):
        old, new = pairs[name]
        if change.action is not Action.CHANGE and (old if new is None else new) in EMPTY:
            continue
        before, after = (_shown(change, name, place, known) for place in (0, 1))
        yield FieldDiff(labels.get(name, name), before, after, _pieces(record, name, old, new), name)


def _pieces(record: Record | None, name: str, old: Any, new: Any) -> tuple[Piece, ...]:
    """The differences between two longer texts, word by word; none of other values."""
    if record and (_target(record, name) or _is_of(record, name, FileList)):
        return ()
    before, after = map(_as_text, (old, new))
    is_long = _is_text(record, name) or max(len(before), len(after)) > LONG_TEXT
    return tuple(condensed(differences_in(before, after))) if is_long and before and after else ()


def _as_text(stored: Any) -> str:
    if isinstance(stored, list | dict):
        return json_words(stored)
    return stored if isinstance(stored, str) else ""


def _shown(change: Change, name: str, place: int, known: Known) -> Shown:
    """The value of a field before (0) or after (1) a change as it is shown, from the recorded value."""
    recorded, record = change.pairs[name][place], registry().get(change.record_kind)
    if recorded is None or recorded == "":
        return None if recorded is None else ""
    if record is None:
        return in_words(recorded)
    if (referred := _referred(record, name, recorded)) is not None:
        return _list_words(referred, known.names)
    try:
        value = value_of(record, name, recorded)
    except UNREADABLE:
        return in_words(recorded)  # of a field or a choice that no longer exists
    if unit := record.units.get(name):
        return unit.show(value, _unit(change, unit.of, place, known)).strip()
    return _typed(record, name, value)


def _typed(record: Record, name: str, value: Any) -> Shown:
    """The value of a field as it is shown by the type of its column."""
    if _is_of(record, name, FileList):
        are_pictures = _is_of(record, name, ImageList)
        return FilesThen(shown_files(record.endpoint, value, are_pictures=are_pictures))
    if _is_of(record, name, JSON):
        return json_words(None if value is JSON.NULL else value)
    if _is_of(record, name, ChoiceType):
        return choice_words(value)
    if isinstance(value, datetime) and value.tzinfo is None and is_aware(_type_of(record, name)):
        value = value.replace(tzinfo=UTC)  # SQLite stores moments without their zone
    is_moment = isinstance(value, datetime) and is_to_the_minute(value)
    return value.astimezone(UTC) if is_moment else in_words(value)


def _list_words(records: Sequence[Named], names: Names) -> str:
    """Records that another one refers to, by their names."""
    shown, more = [_name(each, names) for each in records[:MOST_NAMED]], len(records) - MOST_NAMED
    return ", ".join([*shown, f"{number_words(more)} more"] if more > 0 else shown)


def _name(record: Named, names: Names) -> str:
    """A record by its name, or else its number."""
    words = record_words(*record, None)
    return names.of(record) or (f"{words}, deleted" if names.is_gone(record) else words)


def _is_text(record: Record | None, name: str) -> bool:
    """Whether a field holds a text of any length; its changes are shown word by word."""
    return record is not None and _is_of(record, name, Text)


def _is_of(record: Record, name: str, kind: type[TypeEngine[Any]]) -> bool:
    return isinstance(_type_of(record, name), kind)


def _type_of(record: Record, name: str) -> Any:
    return getattr(getattr(record.model, name, None), "type", None)


def _unit(change: Change, name: str, place: int, known: Known) -> str:
    """The field `name` before (0) or after (1) a change, for a field that is shown with it."""
    if name not in change.pairs:
        return known.unit(change, name)
    return str(change.pairs[name][place] or "")


# Looking up the data of other tables.


def _target(record: Record, name: str) -> Record | None:
    """The kind of the records that a field refers to by key; None where the console does not have it."""
    if (links := inspect(record.model).relationships.get(name)) is not None:
        return registry().find(links.mapper.class_)
    target = registry().get(record.references.get(name, ""))
    if target is None:
        return None
    [column] = getattr(record.model, name).property.columns
    return target if any(each.column.primary_key for each in column.foreign_keys) else None


def _referred(record: Record, name: str, recorded: Any) -> list[Named] | None:
    """The records that a value in the history refers to; None where it is no such value."""
    target = _target(record, name)
    if target is None or recorded is None:
        return None
    if isinstance(recorded, list):
        return [(target.kind, key) for key in recorded]
    try:
        return [(target.kind, key_of(target.key.type, value_of(record, name, recorded)))]
    except UNREADABLE:
        return None


def _references(changes: Iterable[Change]) -> Iterator[Named]:
    """The records that changes refer to, before or after."""
    for change in changes:
        record = registry().get(change.record_kind)
        for name, pair in change.pairs.items() if record else ():
            for recorded in pair:
                yield from ((record and _referred(record, name, recorded)) or ())[:MOST_NAMED]


def _later_units(changes: Sequence[Change]) -> Iterator[tuple[int, Named, str, str]]:
    """Later values of fields that others are shown with: an amount does not record its currency."""
    wanted: dict[tuple[str, str], list[Change]] = {}
    for change in changes:
        record = registry().get(change.record_kind)
        for name, unit in (record.units if record else {}).items():
            if name in change.pairs and unit.of not in change.pairs:
                wanted.setdefault((change.record_kind, unit.of), []).append(change)
    if wanted:
        later = or_(*(_changed_later(name, found) for (_, name), found in wanted.items()))
        for each in db.session.scalars(select(Change).where(later).order_by(Change.id)):
            its = {name: each.pairs.get(name, ("",)) for kind, name in wanted if kind == each.record_kind}
            yield from ((each.id, _record_of(each), name, pair[0]) for name, pair in its.items() if pair[0])


def _changed_later(name: str, changes: Sequence[Change]) -> ColumnElement[bool]:
    """The condition for changes of the field `name` after the first of `changes`, of the records of these."""
    its = about({_record_of(change): None for change in changes})
    is_later = Change.id > min(change.id for change in changes)
    return and_(its, is_later, Change.fields.contains(f'"{name}":'))
