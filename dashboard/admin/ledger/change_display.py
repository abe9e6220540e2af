"""Changes as people read them: which record, and each field with what it was and is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from flask import url_for
from sqlalchemy import Select, and_, func, literal, or_, select, union_all

from dashboard.admin.ledger.change_summary import name_in, record_words
from dashboard.admin.ledger.visibility import SUBJECTS
from dashboard.catalogue.models import Product
from dashboard.catalogue.rules import format_price
from dashboard.extensions import db
from dashboard.history.diff import Piece, condensed, differences_in
from dashboard.history.models import Action, Change
from dashboard.history.recorded import RECORDED

LONG_TEXT = 40
CATEGORIES = "categories"
WORDS = {
    Action.CREATE: "Created",
    Action.CHANGE: "Edited",
    Action.DELETE: "Deleted",
    Action.EXPORT: "Exported",
    Action.PURGE: "Deleted for good",
}
Record = tuple[str, int]
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
    """What had to be looked up to show some changes."""

    names: dict[Record, str] = field(default_factory=dict)
    gone: dict[Record, str | None] = field(default_factory=dict)
    currencies: dict[int, str] = field(default_factory=dict)
    later: list[tuple[int, int, str]] = field(default_factory=list)

    def name(self, kind: str, key: int) -> str | None:
        """The name of a record, now or when it went."""
        return self.names.get((kind, key)) or self.gone.get((kind, key))

    def currency(self, change: Change) -> str:
        """The currency of a product right after a change: what was replaced next, or what it has."""
        key = change.record_id
        return next(
            (code for at, record, code in self.later if record == key and at > change.id),
            self.currencies.get(key, ""),
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
    declared = RECORDED.get(change.record_kind)
    pairs, labels = change.pairs, dict(declared.fields) if declared else {}
    for name in sorted(pairs, key=[*labels, *pairs].index):
        old, new = pairs[name]
        if change.action is not Action.CHANGE and (new or old) in (None, ""):
            continue
        before, after = (_shown(change, name, place, known) for place in (0, 1))
        is_long = name == "description" or max(len(str(old)), len(str(new))) > LONG_TEXT
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
        value = RECORDED[change.record_kind].read(name, kept)
    except (KeyError, AttributeError, ValueError, TypeError, ArithmeticError):
        return str(kept)  # of a field or a choice that there is no more
    if isinstance(value, Decimal):
        return format_price(value, _currency(change, place, known)).strip()
    if name == "category_id":
        return known.name(CATEGORIES, value) or f"category no. {value}, deleted"
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


def _currency(change: Change, place: int, known: Known) -> str:
    """The currency of a price before (0) or after (1) a change."""
    if "currency" not in change.pairs:
        return known.currency(change)
    return str(change.pairs["currency"][place] or "")


# What has to be looked up.


def _look_up(changes: Sequence[Change]) -> Known:
    known = Known()
    records = {(change.record_kind, change.record_id) for change in changes if change.record_kind in SUBJECTS}
    shelves = {
        key for change in changes for key in change.pairs.get("category_id", ()) if isinstance(key, int)
    }
    _read_names(known, records | {(CATEGORIES, key) for key in shelves})
    gone = records - known.names.keys()
    if gone:
        known.gone = _last_names(gone)
    _read_currencies(known, changes)
    return known


def _read_names(known: Known, records: Collection[Record]) -> None:
    """The names that records have, and the currencies of products."""
    parts = []
    for kind in sorted({kind for kind, _ in records}):
        title = SUBJECTS[kind].title
        key, keys = title.class_.id, [key for its, key in records if its == kind]
        currency = Product.currency if title.class_ is Product else literal("")
        parts.append(select(literal(kind), key, title, currency).where(key.in_(keys)))
    if parts:
        for kind, key, name, currency in db.session.execute(union_all(*parts)):
            known.names[kind, key] = name
            if currency:
                known.currencies[key] = currency


def _last_names(records: Collection[Record]) -> dict[Record, str | None]:
    """The names that records had when they went, as far as the history says."""
    wanted = [and_(Change.record_kind == kind, Change.record_id == key) for kind, key in sorted(records)]
    last = select(func.max(Change.id)).where(or_(*wanted)).group_by(Change.record_kind, Change.record_id)
    rows = select(Change.record_kind, Change.record_id, Change.fields).where(Change.id.in_(last))
    return {(kind, key): name_in(kind, fields) for kind, key, fields in db.session.execute(rows)}


def _read_currencies(known: Known, changes: Sequence[Change]) -> None:
    """What currencies products had before they were given others: a price says none by itself."""
    priced = [change for change in changes if "price" in change.pairs and "currency" not in change.pairs]
    if not priced:
        return
    keys = {change.record_id for change in priced}
    later = _changes_of_currency(priced[0].record_kind, keys, min(change.id for change in priced))
    for change in db.session.scalars(later):
        before, _ = change.pairs.get("currency", (None, None))
        if before:
            known.later.append((change.id, change.record_id, before))


def _changes_of_currency(kind: str, keys: Collection[int], since: int) -> Select[Change]:
    changes = select(Change).where(Change.record_kind == kind, Change.record_id.in_(keys), Change.id > since)
    return changes.where(Change.fields.contains('"currency":')).order_by(Change.id)
