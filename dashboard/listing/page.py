"""A page of a list: the rows, and everything that the page around them shows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select

from dashboard.database import ESCAPE, AnySession, ascii_ilike
from dashboard.listing.columns import CellValue, Column, Kind, SqlColumn
from dashboard.listing.filters import Chip, Choice, FacetView, Pairs
from dashboard.listing.state import PAGE_SIZES, Listing, ListState, with_query


@dataclass(frozen=True)
class Heading:
    """The head of a column, with the address that sorts by it and the direction it is sorted in now."""

    name: str
    label: str
    kind: Kind
    sort_url: str | None
    direction: str | None


@dataclass(frozen=True)
class ListRow:
    """A record as a row: its key, its name and the values of its cells."""

    id: int
    title: str
    values: tuple[CellValue, ...]


@dataclass(frozen=True)
class ListPage:
    """One page of a list. ``first`` and ``last`` are the places of its rows, from 1; 0 without rows."""

    listing: Listing
    state: ListState
    base: str
    rows: Sequence[ListRow]
    total: int

    @property
    def page(self) -> int:
        """The number of this page, from 1."""
        return self.state.page

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return page_count(self.total, self.state.size)

    @property
    def first(self) -> int:
        """The place of the first row."""
        return (self.page - 1) * self.state.size + 1 if self.rows else 0

    @property
    def last(self) -> int:
        """The place of the last row."""
        return self.first + len(self.rows) - 1 if self.rows else 0

    @property
    def columns(self) -> list[Heading]:
        """The heads of the columns."""
        return [self._heading(column) for column in self.listing.columns]

    @property
    def first_url(self) -> str | None:
        """The address of the first page, None on it."""
        return self._page_url(1)

    @property
    def prev_url(self) -> str | None:
        """The address of the page before, None on the first."""
        return self._page_url(self.page - 1)

    @property
    def next_url(self) -> str | None:
        """The address of the page after, None on the last."""
        return self._page_url(self.page + 1)

    @property
    def last_url(self) -> str | None:
        """The address of the last page, None on it."""
        return self._page_url(self.pages)

    @property
    def url(self) -> str:
        """The address of this very page."""
        return with_query(self.base, self.state.pairs())

    @property
    def sizes(self) -> list[Choice]:
        """The page sizes to choose from."""
        return [
            Choice(str(n), str(n), n == self.state.size, self.state.address(self.base, size=n))
            for n in PAGE_SIZES
        ]

    @property
    def query(self) -> str:
        """What is searched for."""
        return self.state.query

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return self.state.is_filtered

    @property
    def facets(self) -> list[FacetView]:
        """The filters, with what is chosen in each."""
        return [facet.view(self.state.selections[facet.name]) for facet in self.listing.facets]

    @property
    def chips(self) -> list[Chip]:
        """What narrows the list, each with the address of the list without it."""
        chips = [Chip("Search", self.query, self.state.address(self.base, query=""))] if self.query else []
        for facet in self.listing.facets:
            for words, rest in self.state.selections[facet.name].chips:
                without = self.state.without(facet.name, rest)
                chips.append(Chip(facet.label, words, without.address(self.base)))
        return chips

    @property
    def clear_url(self) -> str:
        """The address of the whole list, sorted and sized as it is."""
        return with_query(self.base, self.state.view_pairs)

    @property
    def hidden(self) -> Pairs:
        """What a form that searches and filters has to send along."""
        return self.state.view_pairs

    def _heading(self, column: Column) -> Heading:
        if column.sort_key is None:
            return Heading(column.name, column.label, column.kind, None, None)
        is_sorted = self.state.column == column.name
        descend = is_sorted and not self.state.descending
        url = self.state.address(self.base, sort=f"-{column.name}" if descend else column.name)
        direction = ("descending" if self.state.descending else "ascending") if is_sorted else None
        return Heading(column.name, column.label, column.kind, url, direction)

    def _page_url(self, number: int) -> str | None:
        if not 1 <= number <= self.pages or number == self.page:
            return None
        return self.state.address(self.base, page=number)


def page_count(total: int, size: int) -> int:
    """How many pages `total` rows fill, at least 1."""
    return max(1, -(-total // size))


def fetch_page(session: AnySession, listing: Listing, state: ListState, base: str) -> ListPage:
    """Read one page in two queries; a page beyond the last becomes the last."""
    condition = where(listing, state)
    total = session.scalar(select(func.count()).select_from(listing.key.class_).where(condition)) or 0
    state = replace(state, page=min(state.page, page_count(total, state.size)))
    if state.page > 1:
        condition = listing.key.in_(_keys(listing, state, condition))
    statement = select_rows(listing, state, listing.columns, condition).limit(state.size)
    rows = [_row(listing, values) for values in session.execute(statement)] if total else []
    return ListPage(listing, state, base, rows, total)


def _keys(listing: Listing, state: ListState, condition: ColumnElement[bool]) -> Select[Any]:
    # Skips in the index alone: skipping whole joined rows made the last page half as slow again as the first.
    keys = _joined(listing, select(listing.key)).where(condition).order_by(*ordering(listing, state))
    return keys.offset((state.page - 1) * state.size).limit(state.size)


def where(listing: Listing, state: ListState) -> ColumnElement[bool]:
    """The condition that search and filters put on a row."""
    conditions = [s.where for s in state.selections.values() if s.where is not None]
    conditions += listing.scope()
    for word in state.query.split():
        pattern = "%" + escape_like(word) + "%"
        conditions.append(or_(*(_matches(column, pattern) for column in listing.search)))
    return and_(True, *conditions)


def _matches(column: SqlColumn, pattern: str) -> ColumnElement[bool]:
    return ascii_ilike(column, pattern) if pattern.isascii() else column.ilike(pattern, escape=ESCAPE)


def escape_like(text: str) -> str:
    """Make ``%``, ``_`` and the escape character stand for themselves."""
    for character in (ESCAPE, "%", "_"):
        text = text.replace(character, ESCAPE + character)
    return text


def ordering(listing: Listing, state: ListState) -> list[ColumnElement[Any]]:
    """The order of the rows: the sort, then the primary key, so that no row is repeated or skipped."""
    column = listing.sortable(state.column)
    keys: list[Any] = [column.sort_key] if column else []
    return [key.desc() if state.descending else key.asc() for key in (*keys, listing.key)]


def neighbours(
    session: AnySession, listing: Listing, state: ListState, key: int
) -> tuple[int | None, int | None]:
    """The keys of the rows before and after the one with `key` in the list, None at its ends."""
    column = listing.sortable(state.column)
    sort_key = column.sort_key if column and column.sort_key is not None else listing.key
    here = _joined(listing, select(sort_key, listing.key)).where(listing.key == key)
    place = session.execute(here).first()
    if place is None:
        return None, None
    before, after = (
        session.scalar(_beyond(listing, state, sort_key, place, forward)) for forward in (False, True)
    )
    return before, after


def _beyond(listing: Listing, state: ListState, sort_key: Any, place: Any, forward: bool) -> Select[Any]:
    """The nearest row on one side of `place`; a missing value (NULL) has no place among the sorted ones."""
    rising = forward != state.descending
    value, key = place
    beyond_key = listing.key > key if rising else listing.key < key
    if value is None:
        beyond = and_(sort_key.is_(None), beyond_key)
    else:
        here = literal(value, sort_key.type)  # a bare True or False could not be compared
        beyond = or_(sort_key > here if rising else sort_key < here, and_(sort_key == here, beyond_key))
    order = (sort_key.asc(), listing.key.asc()) if rising else (sort_key.desc(), listing.key.desc())
    statement = _joined(listing, select(listing.key))
    return statement.where(where(listing, state), beyond).order_by(*order).limit(1)


def select_rows(
    listing: Listing, state: ListState, columns: Sequence[Column], condition: ColumnElement[bool]
) -> Select[Any]:
    """Read the key, the title and the expressions of `columns` of every row that fits, in order."""
    reads = [expression for column in columns for expression in column.sql]
    statement = _joined(listing, select(listing.key, listing.title, *reads)).where(condition)
    return statement.order_by(*ordering(listing, state))


def cells(columns: Sequence[Column], values: Any) -> Iterator[tuple[Column, tuple[Any, ...]]]:
    """Each column with its own part of a row that `select_rows` read."""
    position = 2  # after the key and the title
    for column in columns:
        width = len(column.sql)
        yield column, tuple(values[position : position + width])
        position += width


def _joined(listing: Listing, statement: Select[Any]) -> Select[Any]:
    for relationship in listing.joins:
        statement = statement.outerjoin(relationship)
    return statement


def _row(listing: Listing, values: Any) -> ListRow:
    shown = tuple(column.show(*parts) for column, parts in cells(listing.columns, values))
    return ListRow(values[0], str(values[1]), shown)
