"""What a row of a list has to meet: the scope, the filters and the search."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Column, ColumnElement
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.sql.visitors import replacement_traverse

from dashboard.listing.state import Listing, ListState

Conditions = list[ColumnElement[bool]]


def conditions(
    listing: Listing, state: ListState, *, by_index: bool, without: Collection[str] = ()
) -> Conditions:
    """Every condition of `state`, leaving out the filters named in `without`.

    The search is answered from its index if `by_index`, else by looking at each row.
    """
    chosen = [s.where for name, s in state.selections.items() if name not in without and s.where is not None]
    return [*listing.scope(), *chosen, *search_conditions(listing, state, by_index=by_index)]


def search_conditions(listing: Listing, state: ListState, *, by_index: bool) -> Conditions:
    """What the search alone asks of a row; nothing where nothing is searched for."""
    words = listing.search.words(state.query)
    if not words:
        return []
    return [listing.search.matching(words) if by_index else listing.search.containing(words)]


class unindexed(FunctionElement[Any]):  # noqa: N801 - reads like SQLAlchemy's own functions
    """A column whose own index SQLite leaves alone; nothing but the column elsewhere.

    https://sqlite.org/optoverview.html, "Disqualifying WHERE Clause Terms Using Unary +"
    """

    inherit_cache = True


@compiles(unindexed)
def _compile_column(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return compiler.process(element.clauses, **options)


@compiles(unindexed, "sqlite")
def _compile_plus(element: unindexed, compiler: SQLCompiler, **options: Any) -> str:
    return "+" + compiler.process(element.clauses, **options)


def walking(conditions: Conditions) -> Conditions:
    """The same conditions for rows that are read in the order of an index, and judged one by one.

    SQLite would rather find all that fit one of them by its index, and sort them to show a page.
    """
    return [replacement_traverse(condition, {}, _leave_alone) for condition in conditions]


def _leave_alone(element: Any, **_options: Any) -> Any:
    if not isinstance(element, Column):
        return None
    plain = unindexed(element)
    plain.type = element.type
    return plain
