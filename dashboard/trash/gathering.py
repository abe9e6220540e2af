"""Reading records that are about to be deleted, with all the rows that depend on them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from sqlalchemy import Column, Table, select

from dashboard.database.locks import for_deleting, for_writing
from dashboard.extensions import db
from dashboard.history.as_stored import originals_of
from dashboard.refusal import Refusal
from dashboard.registry import registry
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
    newest = [(kind.table, kind.key_in(row), row) for row in found.rows]
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
    # Rows of other tables may not begin to refer to those that they would go with.
    lock = Lock.WHOLE if kind.dependents else Lock.ROW
    rows = newest = read_rows(kind.table, kind.key, keys, lock)
    its = [each for each in kind.dependents if each.table is kind.table and not each.is_cleared]
    known = {kind.key_in(row) for row in rows}
    while newest and its:
        more = [
            row
            for each in its
            for row in read_rows(kind.table, each.column, [row[each.target.name] for row in newest], lock)
        ]
        newest = list({kind.key_in(row): row for row in more if kind.key_in(row) not in known}.values())
        known |= {kind.key_in(row) for row in newest}
        rows += newest
    return rows


def _follow(
    found: Gathered, dependent: Dependent, owners: Mapping[Any, Any]
) -> Iterator[tuple[Table, Any, Values]]:
    """The rows that go with those of `owners`; the others are noted in `found`."""
    values, its = [value for value in owners if value is not None], trash_of(dependent.table)
    found.referred[dependent] += values
    _refuse_people(dependent, values)
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


def _refuse_people(dependent: Dependent, values: Sequence[Any]) -> None:
    """Refuse to put people into the trash, of whom nothing may be left when they are erased."""
    its = registry().get(dependent.table.fullname)
    if its is None or not its.personal or dependent.is_cleared:
        return
    if db.session.scalar(select(its.key).where(among(dependent.column, values)).limit(1)) is not None:
        raise Refusal(f"{its.name} belong to it and can't go to the trash with it. Delete them first.")


def _references(dependent: Dependent, values: Sequence[Any]) -> Iterator[tuple[Any, Values]]:
    keys = [*dependent.table.primary_key]
    rows = db.session.execute(select(dependent.column, *keys).where(among(dependent.column, values)))
    for value, *its in rows:
        key = {column.name: each for column, each in zip(keys, its, strict=True)}
        yield value, {**key, dependent.column.name: value}


def _identity(table: Table, row: Values) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in (table.primary_key or table.columns))


class Lock(Enum):
    """How rows are locked: not at all, against changes, or also against rows that begin to refer to them."""

    NONE = 0
    ROW = 1
    WHOLE = 2


def read_rows(table: Table, column: Column[Any], keys: Sequence[Any], lock: Lock = Lock.NONE) -> Rows:
    """The rows whose column has one of these values, in order."""
    its, originals = format_of(table), originals_of(table)
    statement = select(*its.columns, *originals.columns).where(among(column, keys))
    if lock is Lock.NONE:
        ordered = statement.order_by(*table.primary_key)
    else:
        ordered = (for_deleting if lock is Lock.WHOLE else for_writing)(statement, column)
    rows = db.session.execute(ordered).mappings()
    return [{**its.loaded(row), **originals.of(row)} for row in rows]
