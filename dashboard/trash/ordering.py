"""The order in which rows of a table that refers to itself can be inserted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from dashboard.trash.references import foreign_keys
from dashboard.trash.rows import Values

Links = Sequence[tuple[str, Mapping[Any, int]]]
"""The columns that refer to rows of the same table, each with the places of the rows by what it may hold."""


def referred_first(table: Table, rows: Sequence[Values]) -> Sequence[Values]:
    """Return `rows` in an order in which each comes after those that it refers to, but in circles.

    Statements insert some hundred rows at a time, and databases check each statement.
    """
    links = _links(table, rows)
    return [rows[at] for at in _in_order(rows, links)] if links else rows


def _links(table: Table, rows: Sequence[Values]) -> Links:
    return [
        (column.name, {row.get(target.name): at for at, row in enumerate(rows)})
        for column, target in foreign_keys(table)
        if target.table is table and any(row.get(column.name) is not None for row in rows)
    ]


def _in_order(rows: Sequence[Values], links: Links) -> Iterator[int]:
    """The places of the rows in that order; without recursion, for chains may be long."""
    begun, done = set[int](), set[int]()
    for start in range(len(rows)):
        path = [start]
        while path:
            at = path.pop()
            if at not in begun:
                begun.add(at)
                path += [at, *(other for other in _referred(rows[at], links) if other not in begun)]
            elif at not in done:
                done.add(at)
                yield at


def _referred(row: Values, links: Links) -> Iterator[int]:
    """The places of the rows that a row refers to."""
    return (places[row[name]] for name, places in links if row.get(name) in places)
