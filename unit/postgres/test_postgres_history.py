"""The history on PostgreSQL, where editors write side by side."""

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError

from dashboard.extensions import db
from unit.history.test_chain import (
    test_an_untouched_history_is_whole,
    test_verification_finds_changed_history,
    written,
)
from unit.history.test_editors import test_no_change_is_lost_by_the_ledgers_own_account
from unit.history.test_protection import (
    REFUSAL,
    TABLES,
    everything,
    test_a_history_is_not_blanked_without_an_erasure,
    test_an_erasure_lets_the_history_of_its_own_account_be_blanked_alone,
    test_an_upsert_changes_no_row_of_the_history,
    two_sets,
)
from unit.history.test_recording import (
    test_a_change_by_statement_keeps_each_row,
    test_change_that_cannot_be_recorded_is_not_made,
    test_database_refuses_to_change_the_history,
    test_erasing_a_person_blanks_only_their_values,
)
from unit.history.test_replay import start_over, test_the_ledger_replays_to_what_there_is
from unit.history.test_tampering import TestErasuresThatAreNone, erased, test_one_statement_is_found
from unit.postgres.server import read
from unit.postgres.test_postgres_schema import fresh

__all__ = [
    "TestErasuresThatAreNone",
    "erased",
    "fresh",
    "start_over",
    "test_a_change_by_statement_keeps_each_row",
    "test_a_history_is_not_blanked_without_an_erasure",
    "test_an_erasure_lets_the_history_of_its_own_account_be_blanked_alone",
    "test_an_untouched_history_is_whole",
    "test_an_upsert_changes_no_row_of_the_history",
    "test_change_that_cannot_be_recorded_is_not_made",
    "test_database_refuses_to_change_the_history",
    "test_erasing_a_person_blanks_only_their_values",
    "test_no_change_is_lost_by_the_ledgers_own_account",
    "test_one_statement_is_found",
    "test_the_ledger_replays_to_what_there_is",
    "test_verification_finds_changed_history",
    "two_sets",
    "written",
]

# As the owner of the tables, whom nothing but the triggers is in the way of.
STATEMENTS = [
    "TRUNCATE {table} CASCADE",
    "WITH gone AS (DELETE FROM {table} RETURNING id) SELECT * FROM gone",
    "MERGE INTO {table} AS old USING {table} AS new ON old.id = new.id WHEN MATCHED THEN DELETE",
    "MERGE INTO {table} AS old USING {table} AS new ON old.id = new.id"
    " WHEN MATCHED THEN UPDATE SET id = new.id + 50",
]


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("statement", STATEMENTS)
def test_the_history_is_not_emptied_or_merged_into(two_sets: Flask, table: str, statement: str) -> None:
    before = everything()
    with pytest.raises(DBAPIError, match=REFUSAL):
        db.session.execute(text(statement.format(table=table)))
    db.session.rollback()
    assert everything() == before


def protection(url: URL) -> set[str]:
    """The triggers of the history and their functions, as PostgreSQL tells them."""
    query = (
        "SELECT pg_get_triggerdef(pg_trigger.oid) || prosrc"
        " FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE NOT tgisinternal AND tgrelid::regclass::text LIKE 'change%'"
    )
    return {" ".join(each.split()) for each in read(url, query)}


def test_migrations_protect_the_history_as_the_models_do(fresh: URL, postgres_database: URL) -> None:
    engine = create_engine(fresh)
    db.metadata.create_all(engine)
    engine.dispose()
    assert protection(fresh) == protection(postgres_database)
    assert len(protection(fresh)) == 10
