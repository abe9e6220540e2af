"""The records that refer to one: for each foreign key their number and their list."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement, Select, case, func, null, select

from dashboard.admin.kit.urls import ScreenUrls
from dashboard.database.keys import key_text
from dashboard.extensions import db
from dashboard.number_form import number_words
from dashboard.permissions import Access
from dashboard.registry import Record
from dashboard.words import counted, plural

MOST_COUNTED = 1000
"""Records that are counted for one foreign key."""
MOST_SCANNED = 10_000
"""Rows of a table that are read to count by a foreign key without an index."""


@dataclass(frozen=True)
class Referrer:
    """A field of a kind of ``record`` that refers to another kind, called ``label`` on its pages.

    ``holding`` gives the condition for those that refer to a key, ``is_indexed`` says whether an index finds
    them. ``parameter`` is the filter of its list that takes the key of the other record.
    """

    record: Record
    holding: Callable[[Any], ColumnElement[bool]]
    is_indexed: bool
    label: str
    parameter: str

    def number(self, key: Any) -> Any:
        """The number of records that refer to this key, at most one more than are counted.

        NULL where that could mean to read a large table.
        """
        its = [self.holding(key), *self.record.scope()]
        number = _number_of(self._first(MOST_COUNTED).where(*its))
        if self.is_indexed:
            return number
        rows = _number_of(self._first(MOST_SCANNED))
        return case((rows <= MOST_SCANNED, number), else_=null())

    def _first(self, number: int) -> Select[Any]:
        return select(self.record.key).select_from(self.record.model).limit(number + 1)


def _number_of(rows: Select[Any]) -> Any:
    return select(func.count()).select_from(rows.subquery()).scalar_subquery()


@dataclass(frozen=True)
class Referring:
    """The records that refer to one: the label of their kind, how many in words, their list."""

    label: str
    words: str
    url: str


def referring_to(referrers: Sequence[Referrer], key: Any) -> list[Referring]:
    """The records that refer to the one with `key`, as far as the current user may see them.

    They are counted in one statement.
    """
    seen = [each for each in referrers if each.record.allows(Access.READ)]
    if not seen:
        return []
    numbers = db.session.execute(select(*(each.number(key) for each in seen))).one()
    return list(_shown(seen, numbers, key_text(key)))


def _shown(referrers: Sequence[Referrer], numbers: Sequence[int | None], key: str) -> Iterator[Referring]:
    kinds = [each.record.kind for each in referrers]
    for each, number in zip(referrers, numbers, strict=True):
        if number != 0:
            name = each.record.name
            label = f"{name}: {each.label}" if kinds.count(each.record.kind) > 1 else name
            url = f"{ScreenUrls(each.record.endpoint).index}?{urlencode({each.parameter: key})}"
            yield Referring(label, _words(number, each.record.singular), url)


def _words(number: int | None, noun: str) -> str:
    if number is None:
        return f"Show {plural(noun)}"
    return f"{number_words(MOST_COUNTED)}+ {plural(noun)}" if number > MOST_COUNTED else counted(number, noun)
