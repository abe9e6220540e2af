"""The rows of a list as HTML.

A list is mostly rows, and a template would hand over every piece of every cell by itself, which takes several
times as long. For the same reason columns are written at once, not cells. Nothing goes out as it came: what
comes from a record or an address goes through `escape`, unless its whole column holds nothing to escape. It
is Python's own; that of the templates marks each piece as safe, which costs more than escaping it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from html import escape
from itertools import repeat

from markupsafe import Markup

from dashboard.admin.urls import ScreenUrls
from dashboard.clock import iso_seconds
from dashboard.listing.columns import Badge, CellValue, Column, Kind
from dashboard.listing.page import ListRow

NOTHING = "—"
ESCAPED = "&<>\"'"
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
        names, *others = zip(*(row.values for row in rows), strict=True)
        columns = [_cells(column, values) for column, values in zip(self.columns[1:], others, strict=True)]
        cells = map("".join, zip(*columns, strict=True)) if columns else repeat("")
        written = self._rows(rows, contents([row.title for row in rows]), contents(names), cells)
        return Markup("\n".join(written))  # noqa: S704 - escaped piece by piece

    def _rows(
        self, rows: Iterable[ListRow], titles: Iterable[str], names: Iterable[str], cells: Iterable[str]
    ) -> Iterator[str]:
        suffix = escape(self.urls.suffix)
        details, back = f'<th scope="row"><a href="{escape(self.urls.details)}?id=', f'{suffix}">'
        edit, edit_name = _link(self.urls.edit), f'{suffix}" aria-label="Edit '
        delete, delete_name = _link(self.urls.delete), f'{suffix}" aria-label="Delete '
        has_actions = self.can_edit or self.can_delete
        for row, title, name, shown in zip(rows, titles, names, cells, strict=False):
            key, is_locked, pick, actions = str(row.id), row.id in self.locked_ids, "", ""
            if self.can_pick and not is_locked:
                pick = f'<input type="checkbox" name="rowid" value="{key}" aria-label="Select {title}">'
            if self.can_edit and not is_locked:
                actions = f'{edit}{key}{edit_name}{title}">Edit</a>'
            if self.can_delete and not is_locked:
                actions += f'{delete}{key}{delete_name}{title}" data-confirm>Delete</a>'
            yield "".join(
                (
                    f'<tr><td class="pick">{pick}</td>' if self.can_pick else "<tr>",
                    f"{details}{key}{back}{name}</a></th>{shown}",
                    f'<td class="row-actions">{actions}</td></tr>' if has_actions else "</tr>",
                )
            )


def contents(values: Sequence[CellValue]) -> Iterator[str]:
    """What cells hold."""
    texts = "".join([value for value in values if type(value) is str])
    is_plain = not any(sign in texts for sign in ESCAPED)
    for value in values:
        if type(value) is str:
            yield value if is_plain else escape(value)
        elif isinstance(value, datetime):
            # Spelled out, for strftime takes five times as long and follows the language of the server.
            day = f"{value.day} {MONTHS[value.month]} {value.year}"
            yield f'<time datetime="{iso_seconds(value)}">{day}</time>'
        else:
            yield _badge(value) if isinstance(value, Badge) else NOTHING


def _cells(column: Column, values: Sequence[CellValue]) -> list[str]:
    label = escape(column.label)
    number = ' class="number"' if column.kind in (Kind.NUMBER, Kind.MONEY) else ""
    start = f'<td{number} data-label="{label}">'
    nothing = f'<td class="none" data-label="{label}">{NOTHING}</td>'
    return [
        nothing if value is None else f"{start}{text}</td>"
        for value, text in zip(values, contents(values), strict=True)
    ]


def _link(url: str) -> str:
    return f'<a class="row-action" href="{escape(url)}?id='


@lru_cache
def _badge(badge: Badge) -> str:
    return f'<span class="badge {escape(badge.tone)}">{escape(badge.label)}</span>'
