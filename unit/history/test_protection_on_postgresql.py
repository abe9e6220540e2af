"""Statements that only PostgreSQL has, and that it refuses for the history."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from unit.history.protecting import REFUSAL, TABLES, everything
from unit.postgres.server import read

pytestmark = pytest.mark.postgresql

# As the owner of the tables, whom only the triggers stop.
STATEMENTS = [
    "TRUNCATE {table} CASCADE",
    "WITH gone AS (DELETE FROM {table} RETURNING id) SELECT * FROM gone",
    "MERGE INTO {table} AS old USING {table} AS new ON old.id = new.id WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} AS old USING {table} AS new ON old.id = new.id"
    " WHEN MATCHED THEN UPDATE SET id = new.id + 50",
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_truncate_and_merge_cannot_change_history(two_sets: Flask, table: str, statement: str) -> None:
    before = everything()
    with pytest.raises(DBAPIError, match=REFUSAL):
        db.session.execute(text(statement.format(table=table)))
    db.session.rollback()
    assert everything() == before


def protection(url: URL) -> set[str]:
    """The triggers of the history and their functions, as PostgreSQL lists them."""
    query = (
        "SELECT pg_get_triggerdef(pg_trigger.oid) || prosrc"
        " FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'change%'"
    )
    return {" ".join(each.split()) for each in read(url, query)}


def test_migrations_create_the_same_triggers_as_models(fresh: URL, postgres_database: URL) -> None:
    engine = create_engine(fresh)
    db.metadata.create_all(engine)
    engine.dispose()
    assert protection(fresh) == protection(postgres_database)
    assert len(protection(fresh)) == 14
