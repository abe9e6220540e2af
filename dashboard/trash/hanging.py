"""The records of other kinds that were deleted with restored ones, and the order in which they return."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Table

from dashboard.trash.dependents import Dependent
from dashboard.trash.fields import Owned
from dashboard.trash.gathering import Rows
from dashboard.trash.kinds import Trashable, trash_of
from dashboard.trash.models import Trashed
from dashboard.trash.references import References
from dashboard.trash.rows import Values


@dataclass(frozen=True)
class TrashedRow:
    """A record in the trash: its ``id`` there, its ``values``, and the rows that are restored with it.

    ``references`` are the rows that referred to it; ``change_set_id`` is the change set that deleted it.
    """

    id: int
    values: Values
    owned: Owned = field(default_factory=dict)
    references: References = field(default_factory=dict)
    change_set_id: int = 0

    def of(self, kind: Trashable, table: Table) -> Rows:
        """Its rows in a table."""
        return [self.values] if table is kind.table else list(self.owned.get(table.fullname, ()))

    def with_owned(self, left: Container[int]) -> tuple[Values, Owned]:
        """Its values, and those of the rows that it owns which are `left`, by their identity."""
        return self.values, {
            table: [row for row in rows if id(row) in left] for table, rows in self.owned.items()
        }


Taken = tuple[Trashable, Sequence[TrashedRow]]
Take = Callable[[Trashable, ColumnElement[bool]], Sequence[TrashedRow]]


def hanging_on(kind: Trashable, restored: Sequence[TrashedRow], take: Take) -> Iterator[Taken]:
    """The records that were deleted with those that are `restored`, and with these, by their kinds.

    `take` reads and locks records in the trash. They come in the reverse of the order in which they were
    deleted: a row that went with two records was deleted before both, and refers to both.
    """
    its_sets = Trashed.change_set_id.in_({each.change_set_id for each in restored})
    in_trash, found = dict[str, Sequence[TrashedRow]](), dict[int, tuple[Trashable, TrashedRow]]()
    newest: list[Taken] = [(kind, restored)]
    while newest:
        owner, rows = newest.pop()
        for other in _others_of(owner):
            if other.kind not in in_trash:
                in_trash[other.kind] = take(other, its_sets & (Trashed.kind == other.kind))
            left = [each for each in in_trash[other.kind] if each.id not in found]
            if more := [*_hanging(owner, rows, other, left)]:
                found |= {each.id: (other, each) for each in more}
                newest.append((other, more))
    last_first = (found[number] for number in sorted(found, reverse=True))
    for _, group in groupby(last_first, key=lambda each: each[0].kind):
        together = [*group]
        yield together[0][0], [row for _, row in together]


def _others_of(kind: Trashable) -> Iterator[Trashable]:
    """The kinds with a trash of their own whose records may go with those of `kind`."""
    its = {each.table: trash_of(each.table) for each in kind.dependents if not each.is_cleared}
    yield from {record.kind: record.trash for record in its.values() if record}.values()


def _hanging(
    kind: Trashable, rows: Sequence[TrashedRow], other: Trashable, found: Sequence[TrashedRow]
) -> Iterator[TrashedRow]:
    """Those of the records `found` of another kind that refer to `rows`."""
    columns = [each for each in kind.dependents if each.table is other.table and not each.is_cleared]
    there = {each.column.name: _targets(kind, rows, each) for each in columns}
    return (each for each in found if any(each.values[name] in keys for name, keys in there.items()))


def _targets(kind: Trashable, rows: Sequence[TrashedRow], dependent: Dependent) -> set[Any]:
    """The values that rows of a dependent may have where they belong to the records."""
    its = (row for each in rows for row in each.of(kind, dependent.target.table))
    return {row.get(dependent.target.name) for row in its}
