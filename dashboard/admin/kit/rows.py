"""The rows of a list as HTML.

A list is mostly rows. A template would yield every piece of every cell by itself, which takes several times
as long; for the same reason whole columns are written at once. Every text from a record or an address goes
through `escape`, unless its whole column has nothing to escape or it is `Markup`, which only formatters of a
plug-in return. It is Python's `html.escape`: that of the templates marks each piece as safe, which costs more
than the escaping.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import repeat
from typing import Any, cast
from urllib.parse import quote

from markupsafe import Markup

from dashboard.accounts.people import Person, person_html
from dashboard.admin.kit.alignment import aligned
from dashboard.admin.kit.urls import ScreenUrls
from dashboard.database.keys import key_text
from dashboard.listing.columns import Badge, CellValue, Column, Kind, LinkedText
from dashboard.listing.page import ListRow
from dashboard.preferences import preferences
from dashboard.web.moments import day_html

NOTHING = "—"
POINTED = ' autofocus aria-describedby="flash-1"'
"""Attributes of the link to the record that the message of the page is about: it is read with the message."""

MORE = '<details name="row"><summary aria-label="More about '
"""The button that opens a row, which needs no script; the style sheet says what it opens.

The actions stand beside it and not in it: a mouse needs no menu to get to them.
"""

ROW_FORM = "row"
"""The id of the form that the buttons of rows send: they stand in that of the bulk actions."""

CLASSES: Mapping[Kind, Sequence[str]] = {Kind.NUMBER: ["number"], Kind.MONEY: ["number", "money"]}
"""The classes of the cells of a column, by how it is set."""

Piece = str | list[str]
"""A piece of every row: the same text for all, or a list with a text for each."""


@dataclass(frozen=True)
class RowMarkup:
    """How a list shows its rows: its columns, and the actions on rows that are not locked.

    The row with the key ``told_of`` is the one that the message of the page is about: it gets the focus.
    ``button`` is the verb of a button that does at once what it says, by the form `ROW_FORM` of the page.
    """

    columns: Sequence[Column]
    urls: ScreenUrls
    can_pick: bool
    can_edit: bool
    can_delete: bool
    locked_ids: Collection[Any] = frozenset()
    told_of: str | None = None
    button: str = ""

    def html(self, rows: Sequence[ListRow]) -> Markup:
        """The table rows of `rows`; the first cell of each is the link to its record."""
        if not rows:
            return Markup()
        keys, titles = [key_text(row.id) for row in rows], contents([row.title for row in rows])
        in_links = [quote(key, safe="") for key in keys]
        locked = [row.id in self.locked_ids for row in rows] if self.locked_ids else []
        columns = zip(self.columns, zip(*(row.values for row in rows), strict=True), strict=True)
        _, names = next(columns)
        suffix = escape(self.urls.suffix)
        told_of = [key == self.told_of for key in keys] if self.told_of in keys else []
        pieces: list[Piece] = [_where(told_of, '<tr role="row" class="told-of">', '<tr role="row">')]
        if self.can_pick:
            pick: list[Piece] = ['<input type="checkbox" name="rowid" value="', [*map(escape, keys)]]
            pick += ['" aria-label="Select ', titles, '">']
            pieces += ['<td role="cell" class="pick">', *_unless(locked, pick), "</td>"]
        pieces += ['<th role="rowheader" scope="row"><a href="', escape(self.urls.details), "?id=", in_links]
        pieces += [f'{suffix}"', _where(told_of, POINTED, ""), ">"]
        pieces += [contents(names), "</a></th>"]
        states = [column.name for column in self.columns[1:] if column.shows_state]
        for column, values in columns:
            pieces += _cells(column, values, is_state=column.name in states[:1])
        actions: list[Piece] = []
        if self.can_edit:
            actions += [_link(self.urls.edit), in_links, f'{suffix}" aria-label="Edit ', titles, '">Edit</a>']
        if self.can_delete:
            actions += [_link(self.urls.delete), in_links, f'{suffix}" aria-label="Delete ', titles]
            actions += ['" data-confirm>Delete</a>']
        if self.button:
            label = escape(self.button.capitalize())
            actions += [
                f'<button class="row-action" form="{ROW_FORM}" name="id" value="',
                [*map(escape, keys)],
            ]
            actions += [f'" aria-label="{label} ', titles, f'">{label}</button>']
        if actions:
            more: list[Piece] = [MORE, titles, '">⋯</summary></details>']
            pieces += ['<td role="cell" class="row-actions">', *_unless(locked, [*more, *actions]), "</td>"]
        return Markup("\n".join(_written([*pieces, "</tr>"])))  # noqa: S704 - escaped piece by piece


def contents(values: Sequence[CellValue]) -> list[str]:
    """The texts of the cells of a column; their types are looked at once for the whole column."""
    kinds = {*map(type, values)}
    if kinds == {str}:
        texts = cast(list[str], [*values])
        together = "".join(texts)
        return texts if escape(together) == together else [*map(escape, texts)]
    if kinds == {datetime}:
        return [*map(day_html, cast(list[datetime], values))]
    return [*map(_content, values)]


@lru_cache
def _badge(badge: Badge) -> str:
    return f'<span class="badge {escape(badge.tone)}">{escape(badge.label)}</span>'


def _content(value: CellValue) -> str:
    if isinstance(value, Person):
        return person_html(value)
    if isinstance(value, LinkedText):
        return f'<a href="{escape(value.url)}">{escape(value)}</a>'
    if isinstance(value, str):
        return str(value) if isinstance(value, Markup) else escape(value)
    if isinstance(value, datetime):
        return day_html(value)
    return NOTHING if value is None else _badge(value)


def _cells(column: Column, values: Sequence[CellValue], *, is_state: bool) -> list[Piece]:
    """The cells of a column; on a phone that of the state of a record stands beside its name."""
    is_utc = column.kind is Kind.DATE and preferences().is_utc
    label = escape(column.label) + (" (UTC)" if is_utc else "")
    classes = ["status"] if is_state else CLASSES.get(column.kind, [])
    start, texts = _cell(label, classes), contents(values)
    if column.kind in CLASSES:
        texts = aligned(values, texts)
    if None not in values:
        return [start, texts, "</td>"]
    nothing = f"{_cell(label, ['none', *classes])}{NOTHING}</td>"
    whole = zip(values, texts, strict=True)
    return [[nothing if value is None else f"{start}{text}</td>" for value, text in whole]]


def _cell(label: str, classes: Sequence[str]) -> str:
    named = f' class="{" ".join(classes)}"' if classes else ""
    return f'<td role="cell"{named} data-label="{label}">'


def _where(marked: Sequence[bool], text: str, otherwise: str) -> Piece:
    """A text in the rows that are `marked`, and another one in all others."""
    return [text if is_marked else otherwise for is_marked in marked] or otherwise


def _unless(locked: Sequence[bool], pieces: Sequence[Piece]) -> Sequence[Piece]:
    """The pieces, with empty texts in the rows that are `locked`."""
    if not any(locked):
        return pieces
    written = zip(_written(pieces), locked, strict=False)
    return [["" if is_locked else text for text, is_locked in written]]


def _written(pieces: Sequence[Piece]) -> Iterator[str]:
    """The text of each row; at least one of the pieces is a list."""
    by_row = [repeat(piece) if isinstance(piece, str) else piece for piece in pieces]
    return map("".join, zip(*by_row, strict=False))


def _link(url: str) -> str:
    return f'<a class="row-action" href="{escape(url)}?id='
