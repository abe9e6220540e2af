"""The rows of a list as HTML.

A list is mostly rows, and a template would hand over every piece of every cell by itself, which takes several
times as long. For the same reason columns are written at once, not cells. Nothing goes out as it came: a text
from a record or an address goes through `escape`, unless it holds nothing to escape, as nearly all do. It is
Python's own; that of the templates marks each piece as safe, which costs more than escaping it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import repeat

from markupsafe import Markup

from dashboard.admin.urls import ScreenUrls
from dashboard.listing.columns import Badge, CellValue, Column, Kind
from dashboard.listing.page import ListRow

NOTHING = "—"
NEEDS_ESCAPING = re.compile("[&<>\"']").search  # what `escape` replaces
TWO_DIGITS = [f"{number:02}" for number in range(60)]
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class RowMarkup:
    """How a list shows its rows: its columns, and what can be done with those that are not locked."""

    columns: Sequence[Column]
    urls: ScreenUrls
    can_pick: bool
    can_edit: bool
    can_delete: bool
    locked_ids: Collection[int] = frozenset()

    def html(self, rows: Sequence[ListRow]) -> Markup:
        """The table rows of `rows`; the first cell of each is its link."""
        if not rows:
            return Markup()
        first, *others = zip(*(row.values for row in rows), strict=True)
        cells = [_cells(column, values) for column, values in zip(self.columns[1:], others, strict=True)]
        joined = map("".join, zip(*cells, strict=True)) if cells else repeat("")
        return Markup("\n".join(self._rows(rows, contents(first), joined)))  # noqa: S704 - escaped piece by piece

    def _rows(self, rows: Iterable[ListRow], names: Iterable[str], cells: Iterable[str]) -> Iterator[str]:
        suffix = escape(self.urls.suffix)
        details, back = f'<th scope="row"><a href="{escape(self.urls.details)}?id=', f'{suffix}">'
        edit, edit_name = _action(self.urls.edit), f'{suffix}" aria-label="Edit '
        delete, delete_name = _action(self.urls.delete), f'{suffix}" aria-label="Delete '
        can_act = self.can_edit or self.can_delete
        for row, name, shown in zip(rows, names, cells, strict=False):
            title = escape(row.title) if NEEDS_ESCAPING(row.title) else row.title
            key, is_free, pick, actions = str(row.id), row.id not in self.locked_ids, "", ""
            if self.can_pick:
                box = f'<input type="checkbox" name="rowid" value="{key}" aria-label="Select {title}">'
                pick = f'<td class="pick">{box if is_free else ""}</td>'
            if can_act:
                first = f'{edit}{key}{edit_name}{title}">Edit</a>' if self.can_edit and is_free else ""
                last = (
                    f'{delete}{key}{delete_name}{title}" data-confirm>Delete</a>'
                    if self.can_delete and is_free
                    else ""
                )
                actions = f'<td class="row-actions">{first}{last}</td>'
            yield f"<tr>{pick}{details}{key}{back}{name}</a></th>{shown}{actions}</tr>"


def contents(values: Iterable[CellValue]) -> Iterator[str]:
    """What cells hold."""
    for value in values:
        if type(value) is str:
            yield escape(value) if NEEDS_ESCAPING(value) else value
        elif isinstance(value, datetime):
            # Spelled out: isoformat takes three times as long, and strftime follows the server's language.
            year, month, day = str(value.year), value.month, value.day
            time = f"{TWO_DIGITS[value.hour]}:{TWO_DIGITS[value.minute]}:{TWO_DIGITS[value.second]}Z"
            moment = f"{year}-{TWO_DIGITS[month]}-{TWO_DIGITS[day]}T{time}"
            yield f'<time datetime="{moment}">{day!s} {MONTHS[month]} {year}</time>'
        else:
            yield _badge(value) if isinstance(value, Badge) else NOTHING


def _cells(column: Column, values: Sequence[CellValue]) -> list[str]:
    label = escape(column.label)
    number = ' class="number"' if column.kind in (Kind.NUMBER, Kind.MONEY) else ""
    start, nothing = (
        f'<td{number} data-label="{label}">',
        f'<td class="none" data-label="{label}">{NOTHING}</td>',
    )
    return [
        nothing if value is None else f"{start}{text}</td>"
        for value, text in zip(values, contents(values), strict=True)
    ]


def _action(url: str) -> str:
    return f'<a class="row-action" href="{escape(url)}?id='


@lru_cache
def _badge(badge: Badge) -> str:
    return f'<span class="badge {escape(badge.tone)}">{escape(badge.label)}</span>'
