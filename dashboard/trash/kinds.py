"""The kinds of records that go to the trash, and their names there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Table, inspect

from dashboard.database.composite_keys import key_column, key_in
from dashboard.registry import RECORDED, Record, kind_of, registry
from dashboard.trash.dependents import Dependent, dependents_of, holders_of, in_order
from dashboard.trash.rows import format_of


@dataclass(frozen=True)
class Trashable:
    """How records of a model go to the trash when they are deleted.

    ``title`` and ``code`` are the fields that name a record there. ``owned`` are columns of other tables that
    refer to it: their rows are deleted and restored with it, as are those that the mapping or the database
    deletes. Raises LookupError for people, of whom nothing may be left when they are erased, and TypeError
    where a column cannot be stored.
    """

    model: type[Any]
    title: str
    code: str | None = None
    owned: Sequence[Column[Any]] = ()

    def __post_init__(self) -> None:
        if getattr(getattr(self.model, RECORDED, None), "personal", False):
            raise LookupError(f"{self.kind} are people: the trash would still have those who were erased")
        for table in (self.table, *(column.table for column in self.owned)):
            format_of(table)

    def check(self) -> None:
        """Raise TypeError where a row that is deleted with a record cannot be stored."""
        for table in self.tables:
            format_of(table)

    @property
    def kind(self) -> str:
        """The name of the kind in the history and the trash."""
        return kind_of(self.model)

    @cached_property
    def key(self) -> Any:
        """Its primary key in statements: the column, or several as one value."""
        return key_column(self.key_columns)

    def key_in(self, row: Mapping[str, Any]) -> Any:
        """The value of the primary key in a row."""
        return key_in(self.key_columns, row)

    @cached_property
    def key_columns(self) -> Sequence[Column[Any]]:
        """The columns of its primary key."""
        columns: Sequence[Column[Any]] = inspect(self.model).primary_key
        return columns

    @property
    def table(self) -> Table:
        """The table of its records; that of the base where several hold a record together."""
        table: Table = self.key_columns[0].table
        return table

    @cached_property
    def dependents(self) -> Sequence[Dependent]:
        """The columns whose rows depend on a record, those of parents first."""
        return dependents_of(self.model, self.table, self.owned)

    @cached_property
    def holders(self) -> Sequence[Dependent]:
        """The columns whose rows keep a record from being deleted."""
        return holders_of(self.model, self.table, self.tables)

    @cached_property
    def tables(self) -> Sequence[Table]:
        """The tables whose rows are deleted with a record and its own, in the order to insert them."""
        return in_order([self.table, *(each.table for each in self.dependents if not each.is_cleared)])

    @cached_property
    def columns(self) -> Mapping[str, Column[Any]]:
        """The columns by the names of their fields, of a joined table where the base has no such column."""
        return {
            each.key: next((column for column in each.columns if column.table is self.table), each.columns[0])
            for each in inspect(self.model).column_attrs
            if isinstance(each.columns[0], Column)
        }

    @cached_property
    def is_flat(self) -> bool:
        """Whether a row has the names and values of the fields."""
        return all(
            column.table is self.table and column.name == name for name, column in self.columns.items()
        )


def kinds_in_trash() -> list[Record]:
    """The kinds of records of the current application that go to the trash."""
    return [record for record in registry() if record.trash is not None]


def trash_of(table: Table) -> Record | None:
    """The kind of record whose rows are in this table, if it has a trash of its own."""
    record = registry().get(table.fullname)
    return record if record is not None and record.trash is not None else None
