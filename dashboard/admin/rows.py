"""The rows of a list as HTML.

A list is mostly rows, and a template would hand over every piece of every cell by itself, which takes several
times as long. Nothing is escaped unasked here: what comes from a record or an address goes through `escape`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

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
        return Markup("\n".join(self._row(row) for row in rows))  # noqa: S704 - escaped piece by piece

    def _row(self, row: ListRow) -> str:
        title, query = escape(row.title), f"?id={row.id}{self._suffix}"
        is_locked = row.id in self.locked_ids
        cells = "".join([cell(value) for cell, value in zip(self._cells, row.values[1:], strict=True)])
        return (
            f"<tr>{self._pick(row.id, title, is_locked)}"
            f'<th scope="row"><a href="{self._details}{query}">{escape(row.values[0])}</a></th>'
            f"{cells}{self._actions(query, title, is_locked)}</tr>"
        )

    def _pick(self, key: int, title: Markup, is_locked: bool) -> str:
        if not self.can_pick:
            return ""
        box = f'<input type="checkbox" name="rowid" value="{key}" aria-label="Select {title}">'
        return f'<td class="pick">{"" if is_locked else box}</td>'

    def _actions(self, query: str, title: Markup, is_locked: bool) -> str:
        if not self._verbs:
            return ""
        links = [
            f'<a class="row-action" href="{url}{query}" aria-label="{verb} {title}"{extra}>{verb}</a>'
            for verb, url, extra in self._verbs
        ]
        return f'<td class="row-actions">{"" if is_locked else "".join(links)}</td>'

    @cached_property
    def _cells(self) -> list[Callable[[CellValue], str]]:
        return [_cell(column) for column in self.columns[1:]]

    @cached_property
    def _details(self) -> Markup:
        return escape(self.urls.details)

    @cached_property
    def _suffix(self) -> Markup:
        return escape(self.urls.suffix)

    @cached_property
    def _verbs(self) -> list[tuple[str, Markup, str]]:
        edit = ("Edit", escape(self.urls.edit), "")
        delete = ("Delete", escape(self.urls.delete), " data-confirm")
        return [edit] * self.can_edit + [delete] * self.can_delete


def _cell(column: Column) -> Callable[[CellValue], str]:
    """What shows the values of a column."""
    label, show = escape(column.label), CONTENT.get(column.kind, escape)
    number = ' class="number"' if column.kind in (Kind.NUMBER, Kind.MONEY) else ""
    start, nothing = f'<td{number} data-label="{label}">', f'<td class="none" data-label="{label}">—</td>'

    def cell(value: CellValue) -> str:
        return nothing if value is None else f"{start}{show(value)}</td>"

    return cell


def _badge(badge: Badge) -> str:
    return f'<span class="badge {escape(badge.tone)}">{escape(badge.label)}</span>'


def _date(moment: Any) -> str:
    # Spelled out, for strftime takes five times as long and follows the language of the server.
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    return f'<time datetime="{moment.isoformat()}">{day}</time>'


CONTENT: dict[Kind, Callable[[Any], str]] = {Kind.BADGE: _badge, Kind.DATE: _date}
