"""A real PostgreSQL: the one in ``DASHBOARD_TEST_DATABASE_URL``, or one started for the run."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import Connection, create_engine, make_url, text
from sqlalchemy.engine import URL

from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from dashboard.testing.postgresql import Postgres, postgres_for_tests, run

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL", "")


def empty(url: URL) -> None:
    """Delete every row of a migrated database."""
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    run(
        url,
        "SET session_replication_role = replica",  # the history refuses to be emptied
        f"TRUNCATE {tables} RESTART IDENTITY CASCADE",
    )


def read(url: URL, query: str) -> set[str]:
    """Return the first column of the rows of a query."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            return {*connection.scalars(text(query))}
    finally:
        engine.dispose()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a server on which databases can be created."""
    with postgres_for_tests(GIVEN) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: URL, worker_id: str) -> Iterator[str]:
    """The name of a migrated, empty database to copy."""
    server, name = Postgres(postgres_server), f"dashboard_template_{worker_id}_{os.getpid()}"
    upgrade(server.url(name))
    yield name
    server.drop(name)


@contextmanager
def copied(server: Postgres, template: str, name: str) -> Iterator[URL]:
    """The address of a copy of a database."""
    yield make_url(server.copy(template, name))
    server.drop(name)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: URL, postgres_template: str, worker_id: str) -> Iterator[URL]:
    """A migrated database that only this process uses."""
    name = f"dashboard_unit_{worker_id}_{os.getpid()}"
    with copied(Postgres(postgres_server), postgres_template, name) as url:
        yield url


@pytest.fixture(scope="session")
def uncommitted_postgres(postgres_server: URL, postgres_template: str, worker_id: str) -> Iterator[URL]:
    """The same for tests that commit nothing, so that it never has to be emptied."""
    name = f"dashboard_uncommitted_{worker_id}_{os.getpid()}"
    with copied(Postgres(postgres_server), postgres_template, name) as url:
        yield url


@pytest.fixture
def another_user(postgres_database: URL) -> Iterator[Connection]:
    """Another user's connection, whose transaction is open until the test commits it."""
    engine = create_engine(postgres_database)
    with engine.connect() as connection:
        yield connection
    engine.dispose()


@pytest.fixture
def fresh(postgres_server: URL, worker_id: str) -> Iterator[URL]:
    """An empty database without a schema."""
    name = f"dashboard_fresh_{worker_id}_{os.getpid()}"
    run(postgres_server, f'CREATE DATABASE "{name}"')
    yield postgres_server.set(database=name)
    run(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')
