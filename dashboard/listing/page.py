"""A page of a list: its rows, and everything that the page around them shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, ClassVar, NamedTuple

from dashboard.listing.columns import CellValue, Column, Kind
from dashboard.listing.cursor import Cursor
from dashboard.listing.filters import Chip, Choice, CountRow, FacetView, Pairs
from dashboard.listing.page_filters import PageFilters
from dashboard.listing.planning import Count, Statistics, offset_is_cheap
from dashboard.listing.query import CODES_LENGTH
from dashboard.listing.ranking import BEST_FIRST, is_rankable, is_ranked
from dashboard.listing.state import Listing, ListState, with_query
from dashboard.number_form import number_words
from dashboard.web.addresses import short_pairs

CACHED_PAGES = 256
"""Lists whose addresses are cached: those that are opened again have the same ones."""


class Heading(NamedTuple):
    """The head of a column, with the address that sorts by it and the direction that it is sorted in now.

    ``grouped_by`` is the word for what the sort key has before the column itself.
    """

    name: str
    label: str
    kind: Kind
    sort_url: str | None
    direction: str | None
    grouped_by: str = ""


class ListRow(NamedTuple):
    """A record as a row: its key, its name, the values of its cells, its version where the list reads it.

    ``stored`` are the values of `Listing.stored`.
    """

    id: Any
    title: str
    values: tuple[CellValue, ...]
    version: int | None = None
    stored: tuple[Any, ...] = ()


@dataclass(frozen=True)
class Span:
    """Which rows of a list a page shows: the places of its ends, and whether there is more on either side."""

    start: Cursor | None = None
    end: Cursor | None = None
    before: bool = False
    after: bool = False


@dataclass(frozen=True)
class ListPage:
    """One page of a list. ``first`` and ``last`` are the places of its rows, from 1; 0 without rows."""

    longest_search: ClassVar[int] = CODES_LENGTH
    listing: Listing
    state: ListState
    base: str
    rows: Sequence[ListRow]
    known: Statistics
    span: Span

    @property
    def count(self) -> Count:
        """How many rows the list has."""
        return self.known.count

    @property
    def total(self) -> int:
        """How many rows the list has, or about how many: see ``exact``."""
        return self.count.rows

    @property
    def exact(self) -> bool:
        """Whether the list was counted, and not estimated."""
        return self.count.exact

    @property
    def amount(self) -> str:
        """How many rows the list has, in words."""
        return number_words(self.total) if self.exact else f"about {number_words(self.total)}"

    @property
    def place(self) -> str:
        """Which rows of the list the page shows, in words: among a million, only as far as was counted."""
        shown = (
            f"{number_words(self.first)}\N{EN DASH}{number_words(self.last)}"
            if self.page_is_exact
            else f"{len(self.rows)}"
        )
        return f"{shown} of {self.amount}"

    @property
    def page_words(self) -> str:
        """Which page of the list it is, in words."""
        start = "Page" if self.page_is_exact else "About page"
        return f"{start} {number_words(self.page)} of {number_words(self.pages)}"

    @property
    def page_is_exact(self) -> bool:
        """Whether the number of this page is right: it was counted from the nearer end of the list."""
        return offset_is_cheap(self.known, self.state.page, self.state.size, self.listing.tuning)

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
    def columns(self) -> tuple[Heading, ...]:
        """The heads of the columns; where best matches come first, the list is sorted by none of them."""
        return _headings(self.listing, self.state.at_start(), self.base, self.is_ranked)

    @property
    def is_ranked(self) -> bool:
        """Whether best matches of the search come first."""
        return is_ranked(self.listing, self.state, self.known)

    @property
    def column_choices(self) -> tuple[Choice, ...]:
        """Every column that can be chosen: those shown, in their order, then the others."""
        shown = self.state.columns
        others = [column.name for column in self.listing.columns if column.name not in shown]
        columns = self.listing.chosen((*shown, *others))
        return tuple(Choice(column.name, column.label, column.name in shown) for column in columns)

    @property
    def missing_columns(self) -> tuple[str, ...]:
        """The names of columns that were asked for and do not exist."""
        return self.state.missing

    @property
    def usual_columns_url(self) -> str:
        """The address of this list with the usual columns."""
        return self.state.address(self.base, columns=self.state.default_columns)

    @property
    def besides_columns(self) -> Pairs:
        """Return the hidden fields of the form that chooses columns."""
        return short_pairs(self.state.at_start(columns=self.state.default_columns).pairs())

    @property
    def orders(self) -> tuple[Choice, ...]:
        """The orders to choose from: both ways by each column shown, and the present one."""
        best = (Choice("", BEST_FIRST, selected=self.is_ranked),)
        is_offered = is_rankable(self.listing, self.state, self.known)
        now = "" if self.is_ranked else self.state.sort
        orders = _orders(self.listing, self.state.columns, self.state.column, now)
        return (*best, *orders) if is_offered else orders

    @property
    def besides_order(self) -> Pairs:
        """Return the hidden fields of the form that chooses the order."""
        return short_pairs(self.state.at_start(sort=self.state.default_sort, is_sort_asked=False).pairs())

    @property
    def first_url(self) -> str | None:
        """The address of the first page, None on it."""
        return self.state.address(self.base) if self.span.before else None

    @property
    def prev_url(self) -> str | None:
        """The address of the page before, None on the first."""
        return self._beside(self.span.start, self.page - 1, backwards=True) if self.span.before else None

    @property
    def next_url(self) -> str | None:
        """The address of the page after, None on the last."""
        return self._beside(self.span.end, self.page + 1, backwards=False) if self.span.after else None

    @property
    def last_url(self) -> str | None:
        """The address of the last page, None on it."""
        if not self.span.after:
            return None
        if not self.exact:
            return self.state.address(self.base, page=self.pages, backwards=True)
        return self.state.address(self.base, page=self.pages)

    @property
    def url(self) -> str:
        """The address of this very page."""
        return with_query(self.base, self.state.pairs())

    @property
    def sizes(self) -> tuple[Choice, ...]:
        """The page sizes to choose from."""
        return _sizes(self.state.at_start(), self.base, self.listing.sizes)

    @property
    def query(self) -> str:
        """Return the search."""
        return self.state.query

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return self.state.is_filtered

    @property
    def facets(self) -> tuple[FacetView, ...]:
        """The filters, with what is chosen in each."""
        return self._filters.facets

    @property
    def counts(self) -> CountRow | None:
        """The options of the filter that is counted above the list."""
        return self._filters.counts

    @property
    def chips(self) -> list[Chip]:
        """The search and the filters that are on, each with the address of the list without it."""
        asked = self.known.codes.name if self.known.codes else self.query
        chips = [Chip("Search", asked, self.state.address(self.base, query=""))] if self.query else []
        return [*chips, *self._filters.chips]

    @cached_property
    def _filters(self) -> PageFilters:
        return PageFilters(self.listing, self.state, self.base, self.count)

    @property
    def parameters(self) -> Pairs:
        """Return the hidden fields of the form that goes to another page."""
        return short_pairs(self.state.at_start().pairs())

    @property
    def clear_url(self) -> str:
        """The address of the whole list, sorted and sized as it is."""
        return with_query(self.base, self.state.view_pairs)

    @property
    def hidden(self) -> Pairs:
        """Return the hidden fields of the form that searches and filters."""
        return self.state.view_pairs

    def _beside(self, place: Cursor | None, number: int, backwards: bool) -> str:
        number = max(1, number)
        return self.state.address(self.base, page=number, cursor=place, backwards=backwards)


@lru_cache(CACHED_PAGES)
def _headings(listing: Listing, state: ListState, base: str, is_ranked: bool) -> tuple[Heading, ...]:
    return tuple(_heading(column, state, base, is_ranked) for column in listing.chosen(state.columns))


def _heading(column: Column, state: ListState, base: str, is_ranked: bool) -> Heading:
    if column.sort_key is None:
        return Heading(column.name, column.label, column.kind, None, None)
    is_sorted = state.column == column.name and not is_ranked
    descend = is_sorted and not state.descending
    url = state.address(base, sort=f"-{column.name}" if descend else column.name, is_sort_asked=True)
    direction = ("descending" if state.descending else "ascending") if is_sorted else None
    grouped_by = column.grouped_by if is_sorted else ""
    return Heading(column.name, column.label, column.kind, url, direction, grouped_by)


@lru_cache(CACHED_PAGES)
def _orders(listing: Listing, shown: tuple[str, ...], sorted_by: str, sort: str) -> tuple[Choice, ...]:
    names = [name for name in dict.fromkeys((*shown, sorted_by)) if listing.sortable(name)]
    both = [(f"{sign}{name}", name, bool(sign)) for name in names for sign in ("", "-")]
    return tuple(
        Choice(value, listing.order_words(name, descending=descending), value == sort)
        for value, name, descending in both
    )


@lru_cache(CACHED_PAGES)
def _sizes(state: ListState, base: str, sizes: tuple[int, ...]) -> tuple[Choice, ...]:
    return tuple(Choice(str(n), str(n), n == state.size, state.address(base, size=n)) for n in sizes)


def page_count(total: int, size: int) -> int:
    """How many pages `total` rows fill, at least 1."""
    return max(1, -(-total // size))
