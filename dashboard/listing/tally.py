"""Counts of rows that triggers store in a table, and the numbers of a list that follow from them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from dashboard.listing.columns import SqlColumn
from dashboard.listing.filters import ANY
from dashboard.listing.planning import Count, Statistics

Groups = Mapping[tuple[Any, ...], int]
"""Numbers of rows by their value in each tallied filter, in the order of `Tally.values`."""


@dataclass(frozen=True)
class Tally:
    """Stored counts, with one or more rows for each combination of values.

    ``values`` holds, by the name of a filter with one of its values in each row, the column of that table;
    ``rows`` is how many rows of the list have that combination.
    """

    values: Mapping[str, ColumnElement[Any]]
    rows: SqlColumn

    @cached_property
    def statement(self) -> Select[Any]:
        """Return the statement that reads each combination of values and its number of rows."""
        values = self.values.values()
        return select(*values, func.sum(self.rows)).group_by(*values)


@dataclass(frozen=True)
class Sums:
    """Adds up groups of rows; ``chosen`` are the values that each filter of ``names`` lets through."""

    names: Sequence[str]
    chosen: Sequence[frozenset[Any]]
    groups: Groups

    def statistics(self) -> Statistics:
        """How many rows the list has, and with each other option; how many each filter lets through."""
        rows, matches = 0, Counter[str]()
        facets = {name: Counter[Any]() for name in self.names}
        for values, number in self.groups.items():
            missed = self._missed(values)
            rows += 0 if missed else number
            for name, value in zip(self.names, values, strict=True):
                if missed <= {name}:  # only this filter excludes the group
                    facets[name][value] += number
            for name in self._narrowing - missed:
                matches[name] += number
        return Statistics(Count(rows, facets=facets), sum(self.groups.values()), matches)

    @cached_property
    def _narrowing(self) -> set[str]:
        return {name for name, values in zip(self.names, self.chosen, strict=True) if values}

    def _missed(self, values: Sequence[Any]) -> set[str]:
        """Return the filters that exclude a group."""
        parts = zip(self.names, self.chosen, values, strict=True)
        return {name for name, chosen, value in parts if chosen and not _lets_through(chosen, value)}


def _lets_through(chosen: frozenset[Any], value: Any) -> bool:
    return value in chosen or (value is not None and ANY in chosen)
