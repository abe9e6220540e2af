"""The state of a list, all of it in the address: search, filters, sort, page and page size."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from dashboard.listing.columns import Column, SqlColumn
from dashboard.listing.filters import Facet, Pairs, Selection

PAGE_SIZES = (10, 25, 50, 100)
DEFAULT_PAGE_SIZE = 25
SEARCH_LENGTH = 200
PAGE_DIGITS = 9


@dataclass(frozen=True)
class Listing:
    """The declaration of a list.

    ``key`` is the primary key, which also breaks ties of every sort; ``title`` names a record; ``sort`` is
    the name of the column that sorts the list unless the address says otherwise, with a leading ``-`` for
    descending; ``search`` holds the columns in which the search looks; ``joins`` the relationships to read
    along; ``export`` the columns of a file; ``scope`` gives the conditions that keep what the person at hand
    may not see out of everything.
    """

    key: SqlColumn
    title: SqlColumn
    columns: Sequence[Column]
    sort: str
    facets: Sequence[Facet] = ()
    search: Sequence[SqlColumn] = ()
    joins: Sequence[Any] = ()
    export: Sequence[Column] = ()
    scope: Callable[[], list[ColumnElement[bool]]] = list

    def sortable(self, name: str) -> Column | None:
        """The column called `name`, if the list can be sorted by it."""
        return next((c for c in self.columns if c.name == name and c.sort_key is not None), None)


@dataclass(frozen=True)
class ListState:
    """What an address asks of a list, cleaned: nothing in it can fail."""

    query: str = ""
    selections: Mapping[str, Selection] = field(default_factory=dict)
    sort: str = ""
    size: int = DEFAULT_PAGE_SIZE
    page: int = 1
    default_sort: str = ""

    @property
    def column(self) -> str:
        """The name of the column that sorts the list."""
        return self.sort.removeprefix("-")

    @property
    def descending(self) -> bool:
        """Whether the sort runs from the highest to the lowest."""
        return self.sort.startswith("-")

    @property
    def filter_pairs(self) -> Pairs:
        """The parameters of all filters that are on."""
        return tuple(pair for selection in self.selections.values() for pair in selection.pairs)

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or any(s.where is not None for s in self.selections.values()))

    @property
    def view_pairs(self) -> Pairs:
        """The parameters of sort and page size, where they differ from the defaults."""
        sort = (("sort", self.sort),) if self.sort != self.default_sort else ()
        size = (("size", str(self.size)),) if self.size != DEFAULT_PAGE_SIZE else ()
        return (*sort, *size)

    def pairs(self) -> Pairs:
        """Every parameter that differs from the defaults, in a stable order."""
        query = (("q", self.query),) if self.query else ()
        page = (("page", str(self.page)),) if self.page > 1 else ()
        return (*query, *self.filter_pairs, *self.view_pairs, *page)

    def address(self, base: str, **changes: Any) -> str:
        """The address of the list at `base` in this state, with `changes`; other pages begin at the first."""
        state = replace(self, **{"page": 1, **changes})
        return with_query(base, state.pairs())

    def without(self, name: str, pairs: Pairs) -> ListState:
        """This state with the parameters of the filter `name` reduced to `pairs`."""
        return replace(self, selections={**self.selections, name: Selection(pairs)})


def with_query(base: str, pairs: Pairs) -> str:
    """An address with a query string, or without one where there is nothing to say."""
    return f"{base}?{urlencode(pairs)}" if pairs else base


def read_state(listing: Listing, args: MultiDict[str, str]) -> ListState:
    """Read the state of `listing` from the parameters of a request, clamping whatever is out of range."""
    sort = args.get("sort", "")
    known = listing.sortable(sort.removeprefix("-"))
    return ListState(
        query=clean_query(args.get("q", "")),
        selections={facet.name: facet.read(args) for facet in listing.facets},
        sort=sort if known else listing.sort,
        size=_page_size(args.get("size", "")),
        page=_page_number(args.get("page", "")),
        default_sort=listing.sort,
    )


def clean_query(text: str) -> str:
    """A search as it can be asked: without control characters, of a bounded length."""
    return "".join(c if c.isprintable() else " " for c in text).strip()[:SEARCH_LENGTH]


def _page_number(text: str) -> int:
    return max(1, int(text)) if text.isascii() and text.isdigit() and len(text) <= PAGE_DIGITS else 1


def _page_size(text: str) -> int:
    return int(text) if text in map(str, PAGE_SIZES) else DEFAULT_PAGE_SIZE
