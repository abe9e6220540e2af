"""The databases of a run: SQLite files in a folder, or databases on a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import create_engine, inspect, make_url

from bench.processor import one_processor
from dashboard.testing.postgresql import Postgres, started, value

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


def is_filled(database_url: str) -> bool:
    """Whether there is a catalogue in a database already."""
    engine = create_engine(database_url)
    try:
        return inspect(engine).has_table("products") and bool(
            value(database_url, "SELECT count(*) FROM (SELECT id FROM products LIMIT 1) AS one")
        )
    finally:
        engine.dispose()
