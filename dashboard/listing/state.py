"""The state of a list, all of it in the address: search, filters, sort, page and page size."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple
from urllib.parse import urlencode

from sqlalchemy import ColumnElement
from werkzeug.datastructures import MultiDict

from dashboard.database.keys import Key, key_of, read_key
from dashboard.listing.column_choice import chosen_columns, moved
from dashboard.listing.columns import Column, Kind, SqlColumn
from dashboard.listing.cursor import Cursor, read_cursor
from dashboard.listing.filters import Facet, FilterValue, FilterValues, Pairs
from dashboard.listing.query import clean_search
from dashboard.listing.tally import Tally
from dashboard.listing.tuning import USUAL, Tuning
from dashboard.search.index import ColumnSearch, SearchIndex
from dashboard.web.addresses import read_pairs, with_pairs

PAGE_SIZES = (10, 25, 50, 100)
DEFAULT_PAGE_SIZE = 25
MOST_ROWS = 500
"""Rows on a page of any list."""
PAGE_DIGITS = 9
EVERYTHING = "all"  # instead of a saved view: the list as it is by itself
VIEW = re.compile(rf"{EVERYTHING}|[1-9]\d{{0,8}}", re.ASCII)

END = "end"  # instead of a place: the last page
NO_SEARCH = ColumnSearch()
CACHED_ADDRESSES = 1024
"""Nearly all addresses on a list are the same each time it is opened, and quoting them takes a while."""


@dataclass(frozen=True, eq=False)
class Listing:
    """The declaration of a list; there is one of each, which is equal to itself only.

    ``key`` is the primary key, which also breaks ties of every sort; ``title`` names a record, and the first
    column shows it, so that this one can be neither left out nor moved; ``sort`` is the name of the column
    that sorts the list unless the address says otherwise, with a leading ``-`` for descending; ``search`` is
    where the search looks; ``joins`` the relationships to read along; ``export`` the columns of a file;
    ``scope`` gives the conditions that leave out what the user may not see; ``tally`` are counts that the
    database keeps, if it does; ``version`` is the column of optimistic locking, read along where rows can be
    edited in the list; ``stored`` are the columns whose values are read along for such cells; ``tuning`` are
    the numbers by which its engine decides.
    """

    key: SqlColumn
    title: SqlColumn
    columns: Sequence[Column]
    sort: str
    facets: Sequence[Facet] = ()
    search: SearchIndex = NO_SEARCH
    codes: Sequence[SqlColumn] = ()
    """Unique texts: a search for several of them finds the row of each."""
    joins: Sequence[Any] = ()
    export: Sequence[Column] = ()
    scope: Callable[[], list[ColumnElement[bool]]] = list
    tally: Tally | None = None
    counted: tuple[str, ...] = ()
    """The filters of a list without tallies whose options show how many rows of a small table they leave."""
    counted_above: str = ""
    """The filter whose options stand above the list, each with the number of its rows; it is counted."""
    further: Mapping[str, str | None] = field(default_factory=dict)
    """The filters behind "More filters", each with the column that has to be shown, if there is one."""
    version: SqlColumn | None = None
    stored: Sequence[SqlColumn] = ()
    is_ranked: bool = False
    """Whether a search shows best matches first, unless an order is asked for; events stay in their order."""
    tuning: Tuning = USUAL
    size: int = DEFAULT_PAGE_SIZE
    """The number of rows on a page, unless the address or the user names another of ``sizes``."""
    sizes: tuple[int, ...] = PAGE_SIZES

    @property
    def usual_columns(self) -> tuple[str, ...]:
        """The names of the columns where the address does not name any."""
        return tuple(column.name for column in self.columns if column.shown)

    def read_key(self, text: str) -> Any:
        """Return the value of the key column that a text from outside stands for; None if it is no key."""
        return read_key(self.key.type, text)

    def key_of(self, record: Any) -> Key:
        """The key of a record, as pages and the history have it: a number, or a text."""
        return key_of(self.key.type, getattr(record, self.key.key))

    def name_of(self, record: Any) -> str:
        """The name of a record: by its own ``__str__``, else its title, else its key."""
        if getattr(type(record), "__str__", None) is not object.__str__:
            return str(record)
        title = getattr(record, self.title.key)
        return f"no. {self.key_of(record)}" if title in (None, "") else str(title)

    @lru_cache  # noqa: B019 - there is one listing for each list
    def chosen(self, names: tuple[str, ...]) -> tuple[Column, ...]:
        """The columns called `names`, in that order."""
        columns = {column.name: column for column in self.columns}
        return tuple(columns[name] for name in names)

    def sortable(self, name: str) -> Column | None:
        """The column called `name`, if the list can be sorted by it."""
        return next((c for c in self.columns if c.name == name and c.sort_key is not None), None)

    def order_words(self, name: str, *, descending: bool) -> str:
        """Return the order by the column called `name` in words; the usual order by date needs no label."""
        column = next(column for column in self.columns if column.name == name)
        if column.kind in (Kind.DATE, Kind.CLOCK) and name == self.sort.removeprefix("-"):
            return "Newest first" if descending else "Oldest first"
        return column.order_words(descending=descending)

    def sort_key(self, name: str) -> SqlColumn:
        """Return the sort key of the column `name`, or the primary key where the column has no sort key."""
        column = self.sortable(name)
        return column.sort_key if column and column.sort_key is not None else self.key


class ListState(NamedTuple):
    """The state of a list in an address, cleaned: nothing in it can fail.

    ``page`` is the number asked for. Where ``cursor`` is set, the page is the one right after that place, or
    before it if ``backwards``, and its number only a claim; ``backwards`` without a place is the last page.
    ``columns`` are the names of those to show; ``missing`` those that were asked for and do not exist.
    ``view`` is the number of the saved view that the address comes from, which says nothing of what it shows.
    ``is_sort_asked`` tells that the address names the order, which a search would change otherwise.
    ``cut_after`` is the last word of a search that was too long.
    """

    view: str = ""
    query: str = ""
    filter_values: FilterValues = FilterValues()
    sort: str = ""
    size: int = DEFAULT_PAGE_SIZE
    columns: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    page: int = 1
    cursor: Cursor | None = None
    backwards: bool = False
    default_sort: str = ""
    default_size: int = DEFAULT_PAGE_SIZE
    default_columns: tuple[str, ...] = ()
    usual_size: int = DEFAULT_PAGE_SIZE
    is_sort_asked: bool = False
    is_ranked: bool = False
    cut_after: str = ""

    @property
    def is_open(self) -> bool:
        """Whether best matches of a search come first, unless there are too many: no order is asked for."""
        return bool(self.query) and self.is_ranked and not self.is_sort_asked

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
        return self.filter_values.pairs

    @property
    def is_filtered(self) -> bool:
        """Whether anything narrows the list."""
        return bool(self.query or any(s.where is not None for s in self.filter_values.values()))

    @property
    def view_pairs(self) -> Pairs:
        """The parameters of view, sort, page size and columns, where they differ from the defaults."""
        view = (("view", self.view),) if self.view else ()
        usual = self.size == self.default_size == self.usual_size  # for everyone who gets the address
        return (*view, *self._sort, *(() if usual else (("size", str(self.size)),)), *self.column_pairs)

    @property
    def column_pairs(self) -> Pairs:
        """The parameters of the columns to show, in their order, where they differ from the usual ones."""
        if self.columns == self.default_columns:
            return ()
        return tuple(("column", name) for name in self.columns[1:] or self.columns)

    def pairs(self) -> Pairs:
        """Every parameter that differs from the defaults, in a stable order."""
        page = (("page", str(self.page)),) if self.page > 1 else ()
        return (*self._query, *self.filter_pairs, *self.view_pairs, *page, *self._place())

    @property
    def query_string(self) -> str:
        """Return the parameters that decide which rows the list has and in which order, in a stable form."""
        return urlencode((*self._query, *self.filter_pairs, *self._sort))

    @property
    def fixed_query(self) -> str:
        """The same for later: days that an address names by what they are today are those days."""
        pairs = (pair for each in self.filter_values.values() for pair in each.fixed or each.pairs)
        return urlencode((*self._query, *pairs, *self._sort))

    @property
    def _query(self) -> Pairs:
        return (("q", self.query),) if self.query else ()

    @property
    def _sort(self) -> Pairs:
        is_usual = self.sort == self.default_sort and not (self.query and self.is_sort_asked)
        return () if is_usual else (("sort", self.sort),)

    def _place(self) -> Pairs:
        name = "before" if self.backwards else "after"
        if self.cursor is not None:
            return ((name, self.cursor.token(self.column)),)
        return ((name, END),) if self.backwards else ()

    def address(self, base: str, **changes: Any) -> str:
        """The address of the list at `base` in this state, with `changes`; other pages begin at the first."""
        return with_query(base, self.at_start(**changes).pairs())

    def at_start(self, **changes: Any) -> ListState:
        """This state with `changes`, on its first page unless they name another."""
        return self._replace(**{"page": 1, "cursor": None, "backwards": False, "cut_after": "", **changes})

    def filter_words(self) -> Iterator[tuple[str, str]]:
        """Each filter that is on by its name, and in words what it lets through."""
        return ((name, each.words) for name, each in self.filter_values.items() if each.chips)

    def without(self, name: str, pairs: Pairs) -> ListState:
        """This state with the parameters of the filter `name` reduced to `pairs`."""
        return self._replace(filter_values=FilterValues({**self.filter_values, name: FilterValue(pairs)}))


@lru_cache(maxsize=CACHED_ADDRESSES)
def with_query(base: str, pairs: Pairs) -> str:
    """An address with a query string, or without one where there is nothing to say."""
    return with_pairs(base, pairs)


def read_state(listing: Listing, args: MultiDict[str, str], default_size: int | None = None) -> ListState:
    """Read the state of `listing` from the parameters of a request, clamping whatever is out of range.

    `default_size` is the page size where the address does not name one, if the list has this size.
    """
    default_size = default_size if default_size in listing.sizes else listing.size
    sort = args.get("sort", "")
    columns, missing = chosen_columns(listing.columns, args.getlist("column"))
    known = listing.sortable(sort.removeprefix("-"))
    view = args.get("view", "")
    query, cut_after = clean_search(args.get("q", ""))
    state = ListState(
        view=view if VIEW.fullmatch(view) else "",
        query=query,
        cut_after=cut_after,
        filter_values=FilterValues((facet.name, facet.read(args)) for facet in listing.facets),
        sort=sort if known else listing.sort,
        is_sort_asked=known is not None,
        is_ranked=listing.is_ranked,
        size=page_size(args.get("size", ""), listing.sizes) or default_size,
        columns=moved(columns, args),
        missing=missing,
        page=_page_number(args.get("page", "")),
        default_sort=listing.sort,
        default_size=default_size,
        default_columns=listing.usual_columns,
        usual_size=listing.size,
    )
    return _with_place(listing, state, args)


def read_query(listing: Listing, query: str, default_size: int | None = None) -> ListState:
    """Read the state of `listing` from the query string of an address, as `read_state` does."""
    return read_state(listing, MultiDict(read_pairs(query)), default_size)


def _with_place(listing: Listing, state: ListState, args: MultiDict[str, str]) -> ListState:
    """The state with the place it begins at, if its address names one."""
    after, before = args.get("after", ""), args.get("before", "")
    if before == END:
        return state._replace(backwards=True)
    cursor = read_cursor(after or before, state.column, listing.sort_key(state.column), listing.key)
    return state._replace(cursor=cursor, backwards=cursor is not None and not after)


def page_size(text: str, sizes: Sequence[int]) -> int | None:
    """The page size that `text` names, None where it is not one of `sizes`."""
    return next((size for size in sizes if str(size) == text), None)


def _page_number(text: str) -> int:
    return max(1, int(text)) if len(text) <= PAGE_DIGITS and text.isascii() and text.isdigit() else 1
