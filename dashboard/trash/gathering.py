"""Reading records that are about to be deleted, with all the rows that depend on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Column, Table, select

from dashboard.database.locks import for_writing
from dashboard.extensions import db
from dashboard.search.index import among
from dashboard.trash.dependents import Dependent
from dashboard.trash.kinds import Trashable, trash_of
from dashboard.trash.rows import Values, format_of

Rows = list[Values]


@dataclass
class Gathered:
    """Records that are about to be deleted, and what depends on them.

    ``owned`` are the rows that are deleted with each record, by its key and their table, ``cleared`` the keys
    of rows that forget it. ``others`` are records with a trash of their own, by their kind.
    """

    rows: Rows
    owned: Mapping[Any, dict[Table, Rows]] = field(default_factory=lambda: defaultdict(dict))
    cleared: Mapping[Any, dict[Dependent, Rows]] = field(default_factory=lambda: defaultdict(dict))
    others: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))
    referred: dict[Dependent, list[Any]] = field(default_factory=lambda: defaultdict(list))
    """The values that each dependent column may have."""


def gather(kind: Trashable, keys: Sequence[Any]) -> Gathered:
    """Read and lock the records with these keys, and those of the same kind that go with them."""
    found = Gathered(_all_rows(kind, keys))
    name = kind.key.name
    newest = [(kind.table, row[name], row) for row in found.rows]
    seen = {(kind.table, _identity(kind.table, row)) for row in found.rows}
    while newest:
        fresh = list[tuple[Table, Any, Values]]()
        for dependent in kind.dependents:
            owners = {
                row[dependent.target.name]: owner
                for table, owner, row in newest
                if table is dependent.target.table
            }
            if owners:
                fresh += _follow(found, dependent, owners)
        newest = []
        for table, owner, row in fresh:
            if (at := (table, _identity(table, row))) not in seen:
                seen.add(at)
                newest.append((table, owner, row))
        for table, owner, row in newest:
            found.owned[owner].setdefault(table, []).append(row)
    return found


def _all_rows(kind: Trashable, keys: Sequence[Any]) -> Rows:
    """The rows of records, and of those of the same kind that are deleted with them."""
    rows = newest = read_rows(kind.table, kind.key, keys, lock=True)
    its = [each for each in kind.dependents if each.table is kind.table and not each.is_cleared]
    known = {row[kind.key.name] for row in rows}
    while newest and its:
        more = [
            row
            for each in its
            for row in read_rows(
                kind.table, each.column, [row[each.target.name] for row in newest], lock=True
            )
        ]
        newest = list({row[kind.key.name]: row for row in more if row[kind.key.name] not in known}.values())
        known |= {row[kind.key.name] for row in newest}
        rows += newest
    return rows


def _follow(
    found: Gathered, dependent: Dependent, owners: Mapping[Any, Any]
) -> Iterator[tuple[Table, Any, Values]]:
    """The rows that go with those of `owners`; the others are noted in `found`."""
    values, its = [value for value in owners if value is not None], trash_of(dependent.table)
    found.referred[dependent] += values
    if dependent.is_cleared:
        for value, row in _references(dependent, values):
            found.cleared[owners[value]].setdefault(dependent, []).append(row)
    elif its is not None and not dependent.is_part:
        found.others[its.kind] += db.session.scalars(
            select(its.trash.key).where(among(dependent.column, values))
        )
    else:
        for row in read_rows(dependent.table, dependent.column, values):
            yield dependent.table, owners[row[dependent.column.name]], row


def _references(dependent: Dependent, values: Sequence[Any]) -> Iterator[tuple[Any, Values]]:
    keys = [*dependent.table.primary_key]
    rows = db.session.execute(select(dependent.column, *keys).where(among(dependent.column, values)))
    for value, *its in rows:
        yield value, {column.name: each for column, each in zip(keys, its, strict=True)}


def _identity(table: Table, row: Values) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in (table.primary_key or table.columns))


def read_rows(table: Table, column: Column[Any], keys: Sequence[Any], *, lock: bool = False) -> Rows:
    """The rows whose column has one of these values, in order; locked where `lock` is set."""
    its = format_of(table)
    statement = select(*its.columns).where(among(column, keys))
    ordered = for_writing(statement, column) if lock else statement.order_by(*table.primary_key)
    return [its.loaded(row) for row in db.session.execute(ordered).mappings()]
