"""A real PostgreSQL: the one that ``DASHBOARD_TEST_DATABASE_URL`` names, else one started for the run."""

import os
from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import URL

from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from dashboard.testing.postgresql import postgres_for_tests, run

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL", "")


def empty(url: URL) -> None:
    """Take every row out of a migrated database."""
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    run(
        url,
        "SET session_replication_role = replica",  # the history refuses to be emptied
        f"TRUNCATE {tables} RESTART IDENTITY CASCADE",
    )


def read(url: URL, query: str) -> set[str]:
    """The first column of what a query finds."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {*connection.scalars(text(query))}
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a server on which databases can be made."""
    with postgres_for_tests(GIVEN) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_database(postgres_server: URL, worker_id: str) -> Iterator[URL]:
    """A migrated database of this process' own."""
    name = f"dashboard_unit_{worker_id}_{os.getpid()}"
    run(postgres_server, f'CREATE DATABASE "{name}"')
    url = postgres_server.set(database=name)
    upgrade(url.render_as_string(hide_password=False))
    yield url
    run(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')
