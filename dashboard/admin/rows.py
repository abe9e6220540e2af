"""The rows of a list as HTML.

A list is mostly rows, and a template would hand over every piece of every cell by itself, which takes several
times as long. Nothing is escaped unasked here: what comes from a record or an address goes through `escape`,
which is Python's own; that of the templates marks each piece as safe, which costs more than escaping it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape

from markupsafe import Markup

from dashboard.admin.urls import ScreenUrls
from dashboard.listing.columns import Badge, CellValue, Column, Kind
from dashboard.listing.page import ListRow

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class RowMarkup:
    """How a list shows its rows: its columns, and what can be done with those that are not locked."""

    columns: Sequence[Column]
    urls: ScreenUrls
    can_pick: bool
    can_edit: bool
    can_delete: bool
    locked_ids: Collection[int] = frozenset()

    def html(self, rows: Iterable[ListRow]) -> Markup:
        """The table rows of `rows`; the first cell of each is its link."""
        return Markup("\n".join(map(self._row, rows)))  # noqa: S704 - escaped piece by piece

    def _row(self, row: ListRow) -> str:
        title, query = escape(row.title), f"?id={row.id}{self._suffix}"
        first, *others = row.values
        cells = [
            nothing if value is None else f"{start}{content(value)}</td>"
            for (start, nothing), value in zip(self._cells, others, strict=True)
        ]
        return (
            f"<tr>{self._pick(row.id, title)}"
            f'<th scope="row"><a href="{self._details}{query}">{content(first)}</a></th>'
            f"{''.join(cells)}{self._actions(row.id, query, title)}</tr>"
        )

    def _pick(self, key: int, title: str) -> str:
        if not self.can_pick:
            return ""
        box = f'<input type="checkbox" name="rowid" value="{key}" aria-label="Select {title}">'
        return f'<td class="pick">{"" if key in self.locked_ids else box}</td>'

    def _actions(self, key: int, query: str, title: str) -> str:
        if not self._verbs:
            return ""
        links = [
            f'<a class="row-action" href="{url}{query}" aria-label="{verb} {title}"{extra}>{verb}</a>'
            for verb, url, extra in self._verbs
        ]
        return f'<td class="row-actions">{"" if key in self.locked_ids else "".join(links)}</td>'

    @cached_property
    def _cells(self) -> list[tuple[str, str]]:
        """How a cell of each column but the first begins, and how one without a value looks."""
        return [_cell(escape(column.label), column.kind) for column in self.columns[1:]]

    @cached_property
    def _details(self) -> str:
        return escape(self.urls.details)

    @cached_property
    def _suffix(self) -> str:
        return escape(self.urls.suffix)

    @cached_property
    def _verbs(self) -> list[tuple[str, str, str]]:
        edit = ("Edit", escape(self.urls.edit), "")
        delete = ("Delete", escape(self.urls.delete), " data-confirm")
        return [edit] * self.can_edit + [delete] * self.can_delete


def content(value: CellValue) -> str:
    """What a cell holds."""
    if isinstance(value, str):
        return escape(value)
    if isinstance(value, Badge):
        return f'<span class="badge {escape(value.tone)}">{escape(value.label)}</span>'
    if value is not None:
        # Spelled out, for strftime takes five times as long and follows the language of the server.
        day = f"{value.day} {MONTHS[value.month - 1]} {value.year}"
        return f'<time datetime="{value.isoformat()}">{day}</time>'
    return "—"


def _cell(label: str, kind: Kind) -> tuple[str, str]:
    number = ' class="number"' if kind in (Kind.NUMBER, Kind.MONEY) else ""
    return f'<td{number} data-label="{label}">', f'<td class="none" data-label="{label}">{content(None)}</td>'
