"""A real PostgreSQL: the one that ``DASHBOARD_TEST_DATABASE_URL`` names, else one started for the run."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from bench.databases import run, started
from dashboard.database.migrating import upgrade
from dashboard.extensions import db

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL")
# Nothing of it has to survive a power cut.
HURRY = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


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


@contextmanager
def postgres_for_tests() -> Iterator[URL]:
    """The address of a server on which databases can be made; one started for the run is in a hurry."""
    if GIVEN:
        yield make_url(GIVEN)
        return
    # Not below pytest's folders: the path of a socket is short, and another account has to read it.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    with started(folder / "data") as url:
        run(url, *HURRY)
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a server on which databases can be made."""
    with postgres_for_tests() as url:
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
