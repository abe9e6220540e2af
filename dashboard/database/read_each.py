"""Several statements with unlike columns, read by one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CompoundSelect, Select, Subquery, cast, literal, null, select, union_all
from sqlalchemy.types import NullType, TypeEngine

from dashboard.database.transactions import AnySession

Statement = Select[Any] | CompoundSelect[Any]
Rows = list[tuple[Any, ...]]
PARTS = 40
"""Statements that go into one: each adds its columns to all rows."""


def read_each(session: AnySession, statements: Sequence[Select[Any] | CompoundSelect[Any]]) -> list[Rows]:
    """The rows of each statement, in no order; forty statements are read by one.

    One with a column whose type is not known, which PostgreSQL would not put beside others, is read alone.
    """
    found: dict[int, Rows] = {}
    parts = {place: each.subquery() for place, each in enumerate(statements)}
    typed = [place for place, part in parts.items() if all(_is_known(each.type) for each in part.c)]
    groups = [typed[at : at + PARTS] for at in range(0, len(typed), PARTS)]
    for group in [*groups, *([place] for place in parts.keys() - {*typed})]:
        found.update(zip(group, _read(session, [parts[place] for place in group]), strict=True))
    return [found[place] for place in parts]


def _read(session: AnySession, parts: Sequence[Subquery]) -> list[Rows]:
    if len(parts) == 1:
        return [[tuple(row) for row in session.execute(select(parts[0]))]]
    widths = [len(part.c) for part in parts]
    starts = [1 + sum(widths[:place]) for place in range(len(parts))]
    found: list[Rows] = [[] for _ in parts]
    for row in session.execute(union_all(*(_part(parts, place) for place in range(len(parts))))):
        place = row[0]
        found[place].append(tuple(row[starts[place] : starts[place] + widths[place]]))
    return found


def _part(parts: Sequence[Subquery], place: int) -> Select[Any]:
    """The rows of one statement, with NULL in the columns of the others."""
    columns = [
        (column if at == place else cast(null(), column.type)).label(f"of_{at}_{number}")
        for at, part in enumerate(parts)
        for number, column in enumerate(part.c)
    ]
    return select(literal(place).label("place"), *columns).select_from(parts[place])


def _is_known(kind: TypeEngine[Any]) -> bool:
    return not isinstance(kind, NullType)
