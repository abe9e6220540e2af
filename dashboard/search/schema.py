"""The search index in the database: pieces of three letters, which triggers update.

SQLite gets a full-text table that triggers fill, PostgreSQL a GIN index of pg_trgm. A later migration that
copies a searched table (Alembic's batch mode does) has to make SQLite's triggers again, for they are dropped
with the old table.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import DDL, MetaData, Table, event

# Positions are kept (detail=full), so that the index alone knows a whole word; sizes of rows are not
# (columnsize=0), since nothing here is ranked.
SQLITE = (
    "CREATE VIRTUAL TABLE {fts} USING fts5({text}, content='{table}', content_rowid='{key}', columnsize=0, "
    "tokenize='trigram case_sensitive 1')",
    "CREATE TRIGGER {fts}_insert AFTER INSERT ON {table} BEGIN "
    "INSERT INTO {fts} (rowid, {text}) VALUES (new.{key}, new.{text}); END",
    "CREATE TRIGGER {fts}_delete AFTER DELETE ON {table} BEGIN "
    "INSERT INTO {fts} ({fts}, rowid, {text}) VALUES ('delete', old.{key}, old.{text}); END",
    "CREATE TRIGGER {fts}_update AFTER UPDATE OF {key}, {text} ON {table} "
    "WHEN old.{text} <> new.{text} OR old.{key} <> new.{key} BEGIN "
    "INSERT INTO {fts} ({fts}, rowid, {text}) VALUES ('delete', old.{key}, old.{text}); "
    "INSERT INTO {fts} (rowid, {text}) VALUES (new.{key}, new.{text}); END",
)
SQLITE_DROP = ("DROP TABLE IF EXISTS {fts}",)
POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX ix_{table}_{text} ON {table} USING gin ({text} gin_trgm_ops)",
)


UNDECLARED = "made for the search"
SHADOWS = ("config", "content", "data", "docsize", "idx")  # the tables in which FTS5 keeps an index


def keep_trigrams(table: Table, fts: str, key: str, text: str) -> None:
    """Let the index of column `text` be made and dropped with `table`; on SQLite it is the table `fts`."""
    names = {"table": table.name, "fts": fts, "key": key, "text": text}
    for moment, dialect, statements in (
        ("after_create", "sqlite", SQLITE),
        ("after_create", "postgresql", POSTGRESQL),
        ("before_drop", "sqlite", SQLITE_DROP),  # PostgreSQL drops an index with its table
    ):
        for statement in statements:
            ddl = DDL(statement.format(**names))  # type: ignore[no-untyped-call]
            event.listen(table, moment, ddl.execute_if(dialect=dialect))
    table.info[UNDECLARED] = {f"ix_{table.name}_{text}", fts, *(f"{fts}_{part}" for part in SHADOWS)}


def is_declared(metadata: MetaData, name: str | None, _kind: str, _parents: Any) -> bool:
    """Whether what is found in a database has to be in the models too; for Alembic's ``include_name``."""
    return not any(name in table.info.get(UNDECLARED, ()) for table in metadata.tables.values())
