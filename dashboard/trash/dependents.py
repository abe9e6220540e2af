"""The rows of other tables that depend on a record: deleted with it, or no longer referring to it.

The foreign keys tell what the database does by ON DELETE, the mapping what SQLAlchemy does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, ForeignKeyConstraint, Table, inspect
from sqlalchemy.exc import NoReferenceError
from sqlalchemy.orm import Mapper
from sqlalchemy.schema import sort_tables


@dataclass(frozen=True)
class Dependent:
    """A ``column`` that refers to the column ``target`` of a record, or of a row that goes with one.

    Its rows are deleted with those that they refer to, or only forget them where it ``is_cleared``. Rows of
    links, which ``is_link`` marks, are nothing without both sides. Those that hold a record together with the
    one that they refer to, by joined inheritance, are a ``is_part`` of it.
    """

    column: Column[Any]
    target: Column[Any]
    is_cleared: bool = False
    is_link: bool = False
    is_part: bool = False

    @property
    def table(self) -> Table:
        """The table of the rows."""
        found: Table = self.column.table
        return found

    @property
    def name(self) -> str:
        """The name of the column with its table."""
        return f"{self.table.fullname}.{self.column.name}"


class Mapping:
    """The tables around a model, with the mapping of each."""

    def __init__(self, model: type[Any]) -> None:
        self.mapper: Mapper[Any] = inspect(model)
        self.mappers = [each for each in self.mapper.registry.mappers if isinstance(each.local_table, Table)]

    @cached_property
    def secondaries(self) -> set[Table]:
        """The tables of the links between two models."""
        found = (link.secondary for each in self.mappers for link in each.relationships)
        return {table for table in found if isinstance(table, Table)}

    @cached_property
    def cascading(self) -> set[Column[Any]]:
        """The columns of children that SQLAlchemy deletes with what they refer to."""
        links = (link for each in self.mappers for link in each.relationships)
        return {
            column
            for link in links
            if link.cascade.delete and link.secondary is None and link.direction.name == "ONETOMANY"
            for column in link.remote_side
            if isinstance(column, Column)
        }

    @cached_property
    def parts(self) -> set[Table]:
        """The tables that hold one record together, by joined inheritance."""
        tables = (each.local_table for each in self.mapper.base_mapper.self_and_descendants)
        return {table for table in tables if isinstance(table, Table)}

    def of(self, target: Table) -> Iterator[Dependent]:
        """The dependents of rows of `target`; raises TypeError where a foreign key has several columns."""
        for table in target.metadata.tables.values():
            for constraint in _in_order(table):
                if refers_to(constraint, target) and (found := self._dependent(constraint, table)):
                    yield found

    def holding(self, target: Table) -> Iterator[Dependent]:
        """The columns whose rows keep a row of `target` from being deleted."""
        for table in target.metadata.tables.values():
            for constraint in _in_order(table):
                if refers_to(constraint, target) and self._dependent(constraint, table) is None:
                    yield from (Dependent(each.parent, each.column) for each in constraint.elements[:1])

    def _dependent(self, constraint: ForeignKeyConstraint, table: Table) -> Dependent | None:
        action, is_link = (constraint.ondelete or "").upper(), table in self.secondaries
        columns = [element.parent for element in constraint.elements]
        is_part = table in self.parts and all(column.primary_key for column in columns)
        goes = action == "CASCADE" or is_link or is_part or columns[0] in self.cascading
        if not goes and action != "SET NULL":
            return None
        if len(columns) > 1:
            raise TypeError(f"{table.fullname}: a foreign key of several columns cannot be put back")
        [element] = constraint.elements
        return Dependent(element.parent, element.column, not goes, is_link, is_part)


def _in_order(table: Table) -> list[ForeignKeyConstraint]:
    """The foreign keys in the order of their columns: as a set they have another one in each process."""
    places = {column: place for place, column in enumerate(table.columns)}
    return sorted(table.foreign_key_constraints, key=lambda each: places[each.elements[0].parent])


def refers_to(constraint: ForeignKeyConstraint, target: Table) -> bool:
    """Whether a foreign key leads to a table."""
    try:
        return constraint.referred_table is target
    except NoReferenceError:  # a table that nobody described
        return False


def dependents_of(model: type[Any], root: Table, owned: Sequence[Column[Any]]) -> list[Dependent]:
    """Return the dependents of a model whose records are in `root`, those of parents before their children.

    `owned` are more columns whose rows go with it. Raises TypeError where one cannot be put back.
    """
    mapping, tables, found = Mapping(model), [root], dict[Column[Any], Dependent]()
    for column in owned:
        found[column] = Dependent(column, next(iter(column.foreign_keys)).column)
        tables.append(column.table)
    for table in tables:  # grows
        for each in mapping.of(table):
            found.setdefault(each.column, each)
            if not each.is_cleared and each.table not in tables:
                tables.append(each.table)
    return list(found.values())


def holders_of(model: type[Any], root: Table, along: Collection[Table]) -> list[Dependent]:
    """Return the columns that hold records in `root`, of tables whose rows do not go `along` with one."""
    return [each for each in Mapping(model).holding(root) if each.table is root or each.table not in along]


def in_order(tables: Sequence[Table]) -> list[Table]:
    """The tables in the order in which rows can be inserted."""
    return sort_tables(list(dict.fromkeys(tables)))
