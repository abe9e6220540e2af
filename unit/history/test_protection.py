"""The databases refuse every statement that would change a row of the history."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from flask import Flask
from sqlalchemy import text

from dashboard.database.migrating import MIGRATIONS
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.erase import erase_person
from dashboard.history.recording import describe
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_product
from unit.history.protecting import REFUSAL, TABLES, everything
from unit.history.reading import lines

pytestmark = pytest.mark.security(82)

BLANKING = "UPDATE changes SET fields = NULL, salt = NULL WHERE record_kind = 'users'"
each_table = pytest.mark.parametrize("table", TABLES)
UPSERTS = [
    ("INSERT INTO {table} SELECT * FROM {table} WHERE id = 1 ON CONFLICT (id) DO UPDATE SET id = 77", TABLES),
    (
        "INSERT INTO changes SELECT * FROM changes WHERE id = 1"
        " ON CONFLICT (id) DO UPDATE SET fields = NULL, salt = NULL",
        ("changes",),
    ),
    (
        "INSERT INTO change_seals SELECT id + 50, change_set_id, 9, hash FROM change_seals WHERE id = 1"
        " ON CONFLICT (change_set_id) DO UPDATE SET changes = 9",
        ("change_seals",),
    ),
]
REPLACEMENTS = [
    ("REPLACE INTO {table} SELECT * FROM {table}", TABLES),
    ("INSERT OR REPLACE INTO {table} SELECT * FROM {table} WHERE id = 1", TABLES),
    ("UPDATE OR REPLACE {table} SET id = 2 WHERE id = 1", TABLES),
    ("UPDATE OR IGNORE {table} SET id = 77 WHERE id = 1", TABLES),
    (
        "REPLACE INTO change_seals (id, change_set_id, changes, hash)"
        " SELECT id + 50, change_set_id, 9, hash FROM change_seals WHERE id = 1",
        ("change_seals",),
    ),
    (
        "REPLACE INTO change_sets (rowid, at, kind, origin, request_id, note)"
        " VALUES (1, '2026-01-01', 'edit', 'form', '', '')",
        ("change_sets",),
    ),
]


def written_for(kinds: list[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Each statement for each of its tables."""
    return [statement.format(table=table) for statement, tables in kinds for table in tables]


@pytest.mark.both_databases
@pytest.mark.parametrize("statement", written_for(UPSERTS))
def test_upsert_cannot_change_history(two_sets: Flask, statement: str) -> None:
    before = everything()
    with pytest.raises(Exception, match=REFUSAL):
        db.session.execute(text(statement))
    db.session.rollback()
    assert everything() == before


@pytest.fixture
def stranger(two_sets: Flask) -> Iterator[sqlite3.Connection]:
    """A connection of another program to the file, with the default settings of SQLite."""
    with closing(sqlite3.connect(Path(str(db.engine.url.database)), isolation_level=None)) as connection:
        yield connection


@pytest.mark.sqlite
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
@pytest.mark.parametrize("statement", written_for(REPLACEMENTS))
def test_replace_cannot_change_history(
    two_sets: Flask, stranger: sqlite3.Connection, statement: str, recursive: str
) -> None:
    before = everything()
    stranger.execute(f"PRAGMA recursive_triggers = {recursive}")
    with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
        stranger.execute(statement)
    assert everything() == before


@pytest.mark.sqlite
@each_table
def test_insert_or_ignore_changes_no_row(two_sets: Flask, stranger: sqlite3.Connection, table: str) -> None:
    before = everything()
    with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
        stranger.execute(f"INSERT OR IGNORE INTO {table} SELECT * FROM {table}")
    assert everything() == before


@pytest.mark.sqlite
def test_row_with_negative_id_blocks_no_insert(two_sets: Flask, stranger: sqlite3.Connection) -> None:
    """In SQLite a key that is not chosen yet is -1."""
    for table in TABLES:
        columns = [row[1] for row in stranger.execute(f"PRAGMA table_info({table})")]
        rest = ", ".join("-1" if name.endswith("set_id") else name for name in columns[1:])
        stranger.execute(f"INSERT INTO {table} SELECT -1, {rest} FROM {table} WHERE id = 1")
    a_product()
    db.session.commit()
    assert lines()[-1][2] == "create"
    assert verify(db.session).faults


@pytest.mark.both_databases
def test_history_cannot_be_blanked_without_erasure(two_sets: Flask) -> None:
    before = everything()
    with pytest.raises(Exception, match=REFUSAL):
        db.session.execute(text(BLANKING))
    db.session.rollback()
    assert everything() == before


@pytest.mark.both_databases
def test_erasure_allows_blanking_of_its_own_user_only(two_sets: Flask) -> None:
    gone, owner = an_account(), an_account("owner")
    db.session.commit()
    key, author = gone.id, owner.id
    db.session.delete(gone)
    db.session.commit()
    describe(db.session, author_id=author)
    assert erase_person(db.session, "users", key) == 2
    db.session.commit()
    with pytest.raises(Exception, match=REFUSAL):
        db.session.execute(text(f"{BLANKING} AND fields IS NOT NULL"))
    db.session.rollback()
    assert verify(db.session).faults == []


@pytest.mark.sqlite
def test_migration_protects_an_older_database(two_sets: Flask, stranger: sqlite3.Connection) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = f"sqlite:///{db.engine.url.database}"
    before = everything()
    db.session.rollback()
    db.engine.dispose()
    command.downgrade(config, "0011")
    stranger.execute("REPLACE INTO changes SELECT * FROM changes")  # allowed by the older database
    command.upgrade(config, "head")
    for statement in ("REPLACE INTO changes SELECT * FROM changes", BLANKING):
        with pytest.raises(sqlite3.IntegrityError, match=REFUSAL):
            stranger.execute(statement)
    assert everything() == before
