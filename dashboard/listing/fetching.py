"""Reads a page of a list, the neighbours of a record in it, and the first rows that match a search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import repeat
from typing import Any

from werkzeug.datastructures import MultiDict

from dashboard.database.transactions import AnySession
from dashboard.listing.beside import Beside, cut, read_beside
from dashboard.listing.columns import Column
from dashboard.listing.counting import planning_statistics, read_statistics
from dashboard.listing.cursor import Cursor
from dashboard.listing.page import ListPage, ListRow, Span, page_count
from dashboard.listing.paging import Found, Rows, parts
from dashboard.listing.partitions import FILLED
from dashboard.listing.planning import Statistics, offset_is_cheap
from dashboard.listing.positions import approximate_position
from dashboard.listing.state import Listing, ListState, read_state
from dashboard.listing.statements import Window, rows_with_keys
from dashboard.listing.tuning import Tuning


def fetch_page(session: AnySession, listing: Listing, state: ListState, base: str) -> ListPage:
    """Read one page; one beyond the last becomes the last, and a place that is gone the nearest one."""
    known = read_statistics(session, listing, state)
    rows = known.count.rows
    state = state._replace(page=min(state.page, page_count(rows, state.size)))
    columns = listing.chosen(state.columns)
    read_columns = read_along(listing, columns)
    wanted = _wanted(state, known, listing.tuning)
    read = Rows.planned(session, listing, state, read_columns, known, wanted)
    found, span = _read(read, known) if rows else ([], Span())
    state = state._replace(page=_number(state, rows, span))
    return ListPage(listing, state, base, shown(listing, columns, found), known, span)


def _wanted(state: ListState, known: Statistics, tuning: Tuning) -> int:
    """How many rows are read or skipped for a page, from the nearer end of the list or from its place."""
    is_beside = state.cursor is not None or state.backwards
    if is_beside or not offset_is_cheap(known, state.page, state.size, tuning):
        return state.size
    skipped = (state.page - 1) * state.size
    return min(skipped + state.size, known.count.rows - skipped)


def _read(rows: Rows, known: Statistics) -> tuple[list[Found], Span]:
    """The rows of the page that the state asks for, and what lies around them."""
    state, count = rows.state, known.count
    if state.cursor is not None or state.backwards:
        return _beside(rows, state.cursor, state.backwards)
    skip = (state.page - 1) * state.size
    if not offset_is_cheap(known, state.page, state.size, rows.listing.tuning):
        place = approximate_position(rows.session, rows.listing, state, skip / count.rows)
        return _beside(rows, place, backwards=False)
    if count.exact and skip > count.rows // 2:
        return _from_the_end(rows, count.rows, skip)
    found = rows.read(Window(state.size + 1, skip=skip))
    return _spanned(cut(found, state.size, backwards=False, beyond=skip > 0))


def _from_the_end(rows: Rows, total: int, skip: int) -> tuple[list[Found], Span]:
    """A page in the second half of a list of `total` rows, of which `skip` come before it."""
    on_page = min(rows.state.size, total - skip)
    left = total - skip - on_page
    found = rows.read(Window(on_page, backwards=True, skip=left))
    return found, _span(found, before=skip > 0, after=left > 0)


def _beside(rows: Rows, place: Cursor | None, backwards: bool) -> tuple[list[Found], Span]:
    """The page right after `place`, or before it; without a place, the page at that end of the list."""
    size = rows.state.size

    def read(place: Cursor | None, backwards: bool) -> list[Found]:
        return rows.read(Window(size + 1, place, backwards))

    return _spanned(read_beside(read, size, place, backwards))


def _spanned(page: Beside[Found]) -> tuple[list[Found], Span]:
    found = list(page.rows)
    return found, _span(found, page.before, page.after)


def _span(found: list[Found], before: bool, after: bool) -> Span:
    return Span(found[0].cursor, found[-1].cursor, before, after) if found else Span()


def _number(state: ListState, rows: int, span: Span) -> int:
    """The number of a page, which a place can prove wrong at the ends of the list."""
    pages = page_count(rows, state.size)
    if not span.before:
        return 1
    if not span.after:
        return pages
    return min(max(2, state.page), max(2, pages - 1))


def neighbours(session: AnySession, listing: Listing, state: ListState, key: Any) -> tuple[Any, Any]:
    """The keys of the rows before and after the one with `key` in the list, None at its ends."""
    # How far the first rows lie is known from the end of the list, and not from the record.
    known = replace(planning_statistics(session, listing, state), rows_skipped=0)
    rows = Rows.planned(session, listing, state, (), known, wanted=1)
    place = rows.cursor_of(key)
    if place is None:
        return None, None
    before, behind = (rows.read(Window(1, place, backwards)) for backwards in (True, False))
    return before[0].key if before else None, behind[0].key if behind else None


def find(session: AnySession, listing: Listing, query: str, limit: int) -> list[ListRow]:
    """The first `limit` rows that match a search, the one whose code it is before all others."""
    state = read_state(listing, MultiDict({"q": query}))
    columns = listing.chosen(state.columns)
    known = read_statistics(session, listing, state)
    rows = Rows.planned(session, listing, state, read_along(listing, columns), known, limit)
    return shown(listing, columns, rows.read(Window(limit)))


def rows_of(
    session: AnySession, listing: Listing, columns: Sequence[Column], keys: Sequence[Any]
) -> list[ListRow]:
    """The rows with these keys, at most some hundreds, in no order, as the list shows them in `columns`."""
    read = rows_with_keys(listing, read_along(listing, tuple(columns)), keys)
    return shown(listing, columns, [Found(FILLED, row) for row in session.connection().execute(read)])


@lru_cache
def read_along(listing: Listing, columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """The columns to read: those to show, and after them the version and what cells hold."""
    version = () if listing.version is None else (Column("version", "Version", (listing.version,)),)
    stored = (Column("stored", "Stored", tuple(listing.stored)),) if listing.stored else ()
    return (*columns, *version, *stored)


def shown(listing: Listing, columns: Sequence[Column], found: Sequence[Found]) -> list[ListRow]:
    """The rows that were found, as they are shown."""
    if not found:
        return []
    # By column: a list has some hundred cells, and finding out what to do takes longer than doing it.
    values = list(zip(*(row.values for row in found), strict=True))
    cells = zip(*(column.cells(*values[part]) for column, part in parts(columns)), strict=True)
    end = len(values) - len(listing.stored)
    stored = zip(*values[end:], strict=True) if listing.stored else repeat(())
    versions = repeat(None) if listing.version is None else values[end - 1]
    titles = (str(title) if title is not None else "" for title in values[1])
    return list(map(ListRow, values[0], titles, cells, versions, stored))
