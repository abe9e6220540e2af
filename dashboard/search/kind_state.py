"""Whether a database has the search index of a kind, and whether that follows its table."""

from __future__ import annotations

import re
from dataclasses import replace
from enum import Enum
from typing import Any

from sqlalchemy import Connection, bindparam, text

from dashboard import clock
from dashboard.extensions import db
from dashboard.search.kind_index import KindIndex, in_order

MANY_ROWS = 100_000
"""Up to so many rows are searched quickly without an index."""
BELIEVED_SECONDS = 60
"""So long PostgreSQL is not asked again: there, a search is the same statement without the index."""
NEW_VALUE = re.compile(r'new\."((?:[^"]|"")+)"')
MADE = text("SELECT name, sql FROM sqlite_master WHERE type <> 'index' AND name IN :names").bindparams(
    bindparam("names", expanding=True)
)
COVERED = text(
    "SELECT a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid"
    " LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = i.indexrelid"
    " AND d.refobjid = i.indrelid AND d.refobjsubid > 0"
    " LEFT JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid AND i.indisvalid"
    " WHERE i.indrelid = to_regclass(:place) AND c.relname = :name"
)


class State(Enum):
    """The state of the search index of a kind in a database."""

    MISSING = "missing"
    BEHIND = "behind"
    """It lacks a column that is searched, or a trigger by which it follows the table."""
    TAKEN = "taken"
    """Something else has its name."""
    READY = "ready"


def state_of(index: KindIndex, connection: Connection) -> State:
    """The state of `index` in the database behind `connection`."""
    if connection.dialect.name == "postgresql":
        return _on_postgresql(index, connection)
    return State.MISSING if index.table.schema else _on_sqlite(index, connection)


def _on_sqlite(index: KindIndex, connection: Connection) -> State:
    found = connection.execute(MADE, {"names": [*index.parts]}).mappings()
    made: dict[str, str] = {row["name"]: row["sql"] for row in found}
    if index.name in made and "using fts5(" not in made[index.name].lower():
        return State.TAKEN
    covered = _covered(index, made.get(f"{index.name}_insert", ""))
    is_whole = made == replace(index, columns=covered).parts
    if is_whole and {*index.columns} <= {*covered}:
        return State.READY
    return State.BEHIND if made else State.MISSING


def _covered(index: KindIndex, trigger: str) -> Any:
    """The columns that an index has, by the trigger that adds a row to it."""
    values = trigger.rpartition(" INSERT INTO ")[2]
    named = [name.replace('""', '"') for name in NEW_VALUE.findall(values)]
    own = named[:-1] if index.keys_name else named[1:]  # beside the key, by which the row is found
    known = {column.name: column for column in index.table.columns}
    return in_order([known[name] for name in own if name in known])


def _on_postgresql(index: KindIndex, connection: Connection) -> State:
    where = {"place": index.place, "name": index.name}
    covered = connection.execute(COVERED, where).scalars().all()
    if not covered:
        return State.MISSING
    is_whole = {column.name for column in index.columns} <= {*covered}
    return State.READY if is_whole else State.BEHIND


class Readiness:
    """Whether the database of the current application has an index; asked again when its schema changed."""

    def __init__(self, index: KindIndex) -> None:
        self.index = index
        self.known: tuple[Any, str | None] = (None, None)

    def __call__(self) -> str | None:
        """Return the name of the database whose index is ready; None where a search has to do without."""
        connection = db.session.connection()
        stamp = schema_stamp(connection)
        if self.known[0] != stamp:
            is_ready = state_of(self.index, connection) is State.READY
            self.known = (stamp, connection.dialect.name if is_ready else None)
        return self.known[1]


def schema_stamp(connection: Connection) -> tuple[str, int]:
    """Return what changes with the schema of a database: SQLite's own count, else the minute.

    SQLite must not be asked for an index that is gone, PostgreSQL may be.
    """
    url = str(connection.engine.url)
    if connection.dialect.name != "sqlite":
        return url, int(clock.now().timestamp()) // BELIEVED_SECONDS
    driver: Any = connection.connection.driver_connection
    return url, driver.execute("PRAGMA schema_version").fetchone()[0]
