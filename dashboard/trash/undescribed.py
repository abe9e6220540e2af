"""References that nobody described, whose rows the database deletes or clears with what they refer to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Column, ColumnElement, MetaData, Table, func, select, text

from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.search.index import among
from dashboard.trash.dependents import refers_to
from dashboard.trash.gathering import Gathered, Rows
from dashboard.trash.kinds import Trashable
from dashboard.words import counted

OF_SQLITE = text("""
    SELECT NULL, tables.name, 1, keys."from", keys."to"
    FROM sqlite_master AS tables, pragma_foreign_key_list(tables.name) AS keys
    WHERE tables.type = 'table' AND lower(keys."table") = lower(:name) AND keys.seq = 0
    AND keys.on_delete IN ('CASCADE', 'SET NULL', 'SET DEFAULT')
""")
OF_POSTGRESQL = text("""
    SELECT schemas.nspname, tables.relname, pg_table_is_visible(tables.oid), own.attname, other.attname
    FROM pg_constraint AS keys
    JOIN pg_class AS tables ON tables.oid = keys.conrelid
    JOIN pg_namespace AS schemas ON schemas.oid = tables.relnamespace
    JOIN pg_attribute AS own ON own.attrelid = keys.conrelid AND own.attnum = keys.conkey[1]
    JOIN pg_attribute AS other ON other.attrelid = keys.confrelid AND other.attnum = keys.confkey[1]
    WHERE keys.contype = 'f' AND keys.confdeltype IN ('c', 'n', 'd') AND keys.conparentid = 0
    AND keys.confrelid = to_regclass(:name)
""")


@dataclass(frozen=True)
class Referring:
    """The column of a table that refers to the column ``target`` of another one."""

    schema: str | None
    name: str
    column: str
    target: str | None

    def rows_of(self, owner: Table, rows: Rows) -> ColumnElement[int]:
        """How many rows refer to `rows` of the table `owner`, as an expression."""
        target = self.target or next(iter(owner.primary_key)).name
        its = Table(self.name, MetaData(), Column(self.column, owner.c[target].type), schema=self.schema)
        found = among(its.c[self.column], [row[target] for row in rows])
        return select(func.count()).select_from(its).where(found).scalar_subquery()


def refuse_undescribed(kind: Trashable, found: Gathered) -> None:
    """Raise Refusal where the database would delete or clear rows that could not be restored."""
    for each in kind.tables:
        owned = (row for its in found.owned.values() for row in its.get(each, ()))
        rows = found.rows if each is kind.table else [*owned]
        for referring in _undescribed(each) if rows else ():
            if number := db.session.scalar(select(referring.rows_of(each, rows))):
                it, them = ("It", "it") if len(found.rows) == 1 else ("They", "them")
                go = f"{counted(number, 'row')} of {referring.name} would go with {them}"
                raise Refusal(f"{it} can't be deleted: {go}, and could not be restored.")


def _undescribed(target: Table) -> Iterator[Referring]:
    """The columns that are not described as references to `target`, whose rows a deletion there changes."""
    known = {
        (table.schema, table.name, element.parent.name)
        for table in target.metadata.tables.values()
        for constraint in table.foreign_key_constraints
        if refers_to(constraint, target)
        for element in constraint.elements
    }
    for schema, name, is_visible, own, other in _referring(target):
        if (schema, name, own) not in known and not (is_visible and (None, name, own) in known):
            yield Referring(schema, name, own, other)


def _referring(target: Table) -> Sequence[tuple[str | None, str, bool, str, str | None]]:
    if db.engine.dialect.name == "sqlite":
        return [tuple(row) for row in db.session.execute(OF_SQLITE, {"name": target.name})]
    quoted = db.engine.dialect.identifier_preparer.format_table(target)
    return [tuple(row) for row in db.session.execute(OF_POSTGRESQL, {"name": quoted})]
