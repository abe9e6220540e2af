"""The database under test, back at a snapshot before every test: a SQLite file, or PostgreSQL."""

import os
import sqlite3
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Protocol

from sqlalchemy import URL

from dashboard.testing.postgresql import Postgres
from dashboard.testing.sqlite import wait_for_no_disk

_numbers = count(1)


class Database(Protocol):
    """A database that can be restored to its copy while no connection is open."""

    url: str

    def keep(self, name: str) -> None:
        """Remember everything in it under a name."""

    def restore(self, name: str) -> None:
        """Put everything back as it was kept."""

    def close(self) -> None:
        """Let go of what was kept."""


class SqliteFile:
    """A file; what is kept of it lies in memory."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "console.sqlite3"
        self.url = f"sqlite:///{self.file}"
        self.snapshots: dict[str, sqlite3.Connection] = {}

    def keep(self, name: str) -> None:
        """Remember everything in it under a name."""
        self.snapshots[name] = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as live:
            live.backup(self.snapshots[name])

    def restore(self, name: str) -> None:
        """Put everything back as it was kept."""
        with closing(sqlite3.connect(self.file)) as live:
            wait_for_no_disk(live)
            self.snapshots[name].backup(live)

    def close(self) -> None:
        """Let go of what was kept."""
        for snapshot in self.snapshots.values():
            snapshot.close()


class PostgresDatabase:
    """A database of a server; what is kept of it are databases beside it."""

    def __init__(self, server: URL) -> None:
        self.server = Postgres(server)
        self.name = f"console_{os.getpid()}_{next(_numbers)}"
        self.url = self.server.url(self.name)
        self.kept: list[str] = []

    def keep(self, name: str) -> None:
        """Remember everything in it under a name."""
        self.kept.append(f"{self.name}_{name}")
        self.server.copy(self.name, self.kept[-1])

    def restore(self, name: str) -> None:
        """Put everything back as it was kept."""
        self.server.copy(f"{self.name}_{name}", self.name)

    def close(self) -> None:
        """Let go of what was kept."""
        for name in (*self.kept, self.name):
            self.server.drop(name)
