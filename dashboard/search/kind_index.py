"""The search index of a kind of record, over the columns of its table as they are.

SQLite gets a full-text table of every three letters, which triggers fill, also where another program writes.
PostgreSQL gets a GIN index of pg_trgm. A migration that ``dashboard db index`` writes makes it: the
statements here are what such a migration holds, and what `dashboard.search.kind_state` looks for.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from sqlalchemy import Column, Float, Integer, Numeric, String, Table, TypeDecorator, Uuid, inspect
from sqlalchemy import Enum as ChoiceType
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

from dashboard.database.types import inner_type

LONGEST_NAME = 63
"""Bytes of a name on PostgreSQL, which cuts longer ones."""
FILL = ("INSERT INTO {own} (rowid, {texts}) SELECT {key}, {columns} FROM {table}",)
FILL_NUMBERED = (
    "INSERT INTO {keys} (key) SELECT {key} FROM {table} WHERE {key} IS NOT NULL",
    "INSERT INTO {own} (rowid, {texts}) SELECT (SELECT id FROM {keys} WHERE {keys}.key = {table}.{key}), "
    "{columns} FROM {table} WHERE {key} IS NOT NULL",
)
ADD = "INSERT INTO {own} (rowid, {texts}) VALUES (new.{key}, {values});"
# No ON CONFLICT: within a trigger, that of the statement outside counts instead.
ADD_NUMBERED = (
    "INSERT INTO {keys} (key) SELECT new.{key} "
    "WHERE NOT EXISTS (SELECT 1 FROM {keys} WHERE key = new.{key}); "
    "INSERT INTO {own} (rowid, {texts}) SELECT id, {values} FROM {keys} WHERE key = new.{key};"
)
REMOVE = "INSERT INTO {own} ({own}, rowid, {texts}) VALUES ('delete', old.{key}, {values});"
REMOVE_NUMBERED = (
    "INSERT INTO {own} ({own}, rowid, {texts}) "
    "SELECT 'delete', id, {values} FROM {keys} WHERE key = old.{key}; "
    "DELETE FROM {keys} WHERE key = old.{key};"
)
MOMENTS = ("insert", "delete", "update")


@dataclass(frozen=True)
class KindIndex:
    """The index over ``columns`` of ``table``, whose primary key is ``key``."""

    table: Table
    key: Column[Any]
    columns: tuple[Column[Any], ...]

    @property
    def name(self) -> str:
        """The full-text table on SQLite, the index on PostgreSQL."""
        return bounded(f"search_of_{self.table.name}")

    @property
    def keys_name(self) -> str | None:
        """SQLite's table that gives each key a number; None where keys are whole numbers themselves.

        The ``rowid`` that SQLite gives to a row of another table may be a different one after a VACUUM.
        """
        return None if isinstance(self.key.type, Integer) else f"{self.name}_keys"

    @property
    def texts(self) -> list[str]:
        """The columns of the full-text table. FTS5 refuses some names, such as rank: they have their own."""
        return [f"text_{number}" for number in range(len(self.columns))]

    @property
    def parts(self) -> dict[str, str]:
        """The statements that make it on SQLite, by the name of what they make."""
        on = f"ON {quoted(self.table.name)}"
        watched = [quoted(column.name) for column in dict.fromkeys([self.key, *self.columns])]
        differs = " OR ".join(f"old.{name} IS NOT new.{name}" for name in watched)
        add, remove = self._add(), self._remove()
        bodies = {
            "insert": f"AFTER INSERT {on} BEGIN {add} END",
            "delete": f"AFTER DELETE {on} BEGIN {remove} END",
            "update": f"AFTER UPDATE OF {', '.join(watched)} {on} WHEN {differs} BEGIN {remove} {add} END",
        }
        names = {moment: f"{self.name}_{moment}" for moment in MOMENTS}
        return {
            self.name: f"CREATE VIRTUAL TABLE {quoted(self.name)} USING fts5({', '.join(self.texts)}, "
            "content='', columnsize=0, tokenize='trigram')",
            **self._numbering(),
            **{
                names[moment]: f"CREATE TRIGGER {quoted(names[moment])} {body}"
                for moment, body in bodies.items()
            },
        }

    @property
    def sqlite(self) -> list[str]:
        """The statements that make and fill it on SQLite, unless the table is in a schema."""
        return [] if self.table.schema else [*self.parts.values(), *self._filling()]

    @property
    def sqlite_drop(self) -> list[str]:
        """The statements that drop what there is of it on SQLite."""
        if self.table.schema:
            return []
        triggers = [f"DROP TRIGGER IF EXISTS {quoted(f'{self.name}_{moment}')}" for moment in MOMENTS]
        tables = [f"DROP TABLE IF EXISTS {quoted(name)}" for name in (self.keys_name, self.name) if name]
        return [*triggers, *tables]

    @property
    def postgresql(self) -> list[str]:
        """The statement that makes it on PostgreSQL, where the extension pg_trgm has to be there."""
        read = ", ".join(f"{_as_text(column)} gin_trgm_ops" for column in self.columns)
        return [f"CREATE INDEX {quoted(self.name)} ON {self.place} USING gin ({read})"]

    @property
    def postgresql_drop(self) -> list[str]:
        """The statement that drops it on PostgreSQL. The extension stays: others may use it."""
        schema = f"{quoted(self.table.schema)}." if self.table.schema else ""
        return [f"DROP INDEX IF EXISTS {schema}{quoted(self.name)}"]

    @property
    def place(self) -> str:
        """The table, as statements name it."""
        return ".".join(quoted(part) for part in (self.table.schema, self.table.name) if part)

    def _numbering(self) -> dict[str, str]:
        if not self.keys_name:
            return {}
        own = quoted(self.keys_name)
        return {self.keys_name: f"CREATE TABLE {own} (id INTEGER PRIMARY KEY, key UNIQUE)"}

    def _filling(self) -> list[str]:
        columns = ", ".join(quoted(column.name) for column in self.columns)
        return [
            each.format(columns=columns, **self._names)
            for each in (FILL_NUMBERED if self.keys_name else FILL)
        ]

    def _add(self) -> str:
        """The statements of a trigger that add the row ``new``."""
        return self._following("new", ADD_NUMBERED if self.keys_name else ADD)

    def _remove(self) -> str:
        """The statements of a trigger that remove the row ``old``."""
        return self._following("old", REMOVE_NUMBERED if self.keys_name else REMOVE)

    def _following(self, row: str, statements: str) -> str:
        values = ", ".join(f"{row}.{quoted(column.name)}" for column in self.columns)
        return statements.format(values=values, **self._names)

    @property
    def _names(self) -> dict[str, str]:
        return {
            "own": quoted(self.name),
            "texts": ", ".join(self.texts),
            "table": quoted(self.table.name),
            "key": quoted(self.key.name),
            "keys": quoted(self.keys_name or ""),
        }


def index_of(model: type[Any], searched: Sequence[Any]) -> KindIndex:
    """The search index of a mapped class, over the attributes `searched`.

    Raises ValueError with the reason where there cannot be one.
    """
    mapper = inspect(model)
    table: Any = mapper.local_table
    columns = [each.property.columns[0] for each in searched]
    if not columns:
        raise ValueError(f"{table} has no column that is searched. Name one in column_searchable_list.")
    for column in columns:
        if column.table is not table:
            raise ValueError(f"The column {column.name} that is searched is in another table than {table}.")
        if not is_indexable(column.type):
            raise ValueError(
                f"The column {column.name} of {table} is searched, and no index has values of its type "
                f"{type(inner_type(column.type)).__name__}. Leave it out of column_searchable_list."
            )
    key, *more = mapper.primary_key
    if more or key.table is not table:
        raise ValueError(f"{table} has a key of several columns, or in another table, which has no index.")
    return KindIndex(table, key, in_order(columns))


def in_order(columns: Sequence[Column[Any]]) -> tuple[Column[Any], ...]:
    """The columns in the order of their names, whatever the order in which they are searched."""
    return tuple(sorted(dict.fromkeys(columns), key=lambda column: str(column.name)))


def is_indexable(kind: TypeEngine[Any]) -> bool:
    """Whether PostgreSQL can index the text of such values: it must depend on nothing but the value."""
    kind = inner_type(kind)
    if isinstance(kind, TypeDecorator):
        kind = inner_type(kind.load_dialect_impl(postgresql.dialect()))  # type: ignore[no-untyped-call]
    if isinstance(kind, ChoiceType | Float):
        return False
    return isinstance(kind, String | Integer | Numeric | Uuid | postgresql.CITEXT)


def bounded(name: str) -> str:
    """A name that PostgreSQL keeps: a long one is cut, and ends in a digest of the whole."""
    if len(name.encode()) <= LONGEST_NAME:
        return name
    digest = sha256(name.encode()).hexdigest()[:8]
    return f"{name.encode()[: LONGEST_NAME - 9].decode(errors='ignore')}_{digest}"


def quoted(name: str) -> str:
    """A name in quotes, as both databases take it."""
    return '"' + name.replace('"', '""') + '"'


def _as_text(column: Column[Any]) -> str:
    """A column as `dashboard.search.index.TextSearch` reads it."""
    name = quoted(column.name)
    return name if isinstance(column.type, String) else f"(CAST({name} AS VARCHAR))"
