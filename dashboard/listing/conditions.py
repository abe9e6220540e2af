"""The conditions of a list: its scope, filters and search."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, ColumnElement, Exists, Select, SelectBase
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import iterate, replacement_traverse

from dashboard.listing.state import Listing, ListState
from dashboard.search.index import among

Conditions = list[ColumnElement[bool]]
SEARCH = "q"
"""Goes by this name among the filters, as it does in addresses."""


def conditions(
    listing: Listing,
    state: ListState,
    keys: Sequence[int] | None = None,
    without: Collection[str] = (),
    found_by: str | None = None,
) -> Conditions:
    """Every condition of `state`, leaving out the filters named in `without`.

    `keys` are those that the rows are among, which the search found in its index, say. Rows are found by
    those, else by the filter or search `found_by` and judged by all others, else as the database thinks
    best, but for the search, which judges them.
    """
    if keys is None:
        named = named_conditions(listing, state)
        words = listing.search.words(state.query) if found_by == SEARCH else ()
        found = listing.search.found(words) if words else None
        named = named if found is None else {**named, SEARCH: found}
    else:
        named, found_by = {**filter_conditions(state), SEARCH: among(listing.key, keys)}, SEARCH
    asked = {name: condition for name, condition in named.items() if name not in without}
    return [*listing.scope(), *using_index(asked, found_by)]


def using_index(named: Mapping[str, ColumnElement[bool]], found_by: str | None) -> Conditions:
    """Conditions by which the one called `found_by` finds rows, and all others judge them."""
    if found_by is None:
        return [*named.values()]
    return [c if name == found_by else without_index([c])[0] for name, c in named.items()]


def narrowing(listing: Listing, state: ListState) -> set[str]:
    """The names of all that narrows the list: its filters, and the search."""
    return {*filter_conditions(state), *([SEARCH] if listing.search.words(state.query) else [])}


def named_conditions(listing: Listing, state: ListState) -> dict[str, ColumnElement[bool]]:
    """The condition of each filter that narrows the list, by its name, and that of the search."""
    words = listing.search.words(state.query)
    return {**filter_conditions(state), **({SEARCH: listing.search.containing(words)} if words else {})}


def filter_conditions(state: ListState) -> dict[str, ColumnElement[bool]]:
    """The condition of each filter that narrows the list, by its name."""
    return {name: s.where for name, s in state.filter_values.items() if s.where is not None}


def joined(listing: Listing, statement: Select[Any], but: Any = None) -> Select[Any]:
    """A statement that reads rows of `listing`, with what lies in the tables they refer to, `but` one."""
    for relationship in listing.joins:
        if relationship is not but:
            statement = statement.outerjoin(relationship)
    return statement


class unindexed(FunctionElement[Any]):  # noqa: N801 - reads like SQLAlchemy's own functions
    """A column whose own index SQLite leaves alone; nothing but the column elsewhere.

    https://sqlite.org/optoverview.html, "Disqualifying WHERE Clause Terms Using Unary +"
    """

    inherit_cache = True

    def __init__(self, column: ColumnElement[Any]) -> None:
        super().__init__(column)
        self.type = column.type


@compiles(unindexed)
def _compile_column(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unindexed, "sqlite")
def _compile_plus(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + compiler.process(element.clauses, **options)


def restricts_sort(condition: ColumnElement[bool], *sort_keys: Any) -> bool:
    """Whether `condition` is about what rows are sorted by, and so says where a scan begins and ends."""
    return any(
        isinstance(element, Column) and _is_sorted(element, sort_keys) for element in iterate(condition)
    )


def without_index(conditions: Conditions, *sort_keys: Any) -> Conditions:
    """The same conditions for rows that are read in the order of `sort_keys` by an index, and judged by each.

    SQLite would rather find all that fit one of them by its index, and sort them to show a page. Bounds of
    what the rows are sorted by are where the reading begins and ends.
    """

    def leave_alone(element: Any, **_options: Any) -> Any:
        if isinstance(element, Exists | SelectBase):
            return element  # what is looked up for each row needs its index
        is_other = isinstance(element, Column) and not _is_sorted(element, sort_keys)
        return unindexed(element) if is_other else None

    return [replacement_traverse(condition, {}, leave_alone) for condition in conditions]


def _is_sorted(column: Column[Any], sort_keys: Sequence[Any]) -> bool:
    return any(column.shares_lineage(key.expression) for key in sort_keys)
