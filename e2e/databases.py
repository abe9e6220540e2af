"""The database under test, restored before every test: a SQLite file or a PostgreSQL database."""

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
    """A database with snapshots; nobody may be connected while one is taken or restored."""

    url: str

    def save(self, name: str) -> None:
        """Take a snapshot called `name`."""

    def restore(self, name: str) -> None:
        """Restore the snapshot called `name`."""

    def close(self) -> None:
        """Delete all snapshots."""


class SqliteFile:
    """A file; its snapshots are in memory."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "console.sqlite3"
        self.url = f"sqlite:///{self.file}"
        self.snapshots: dict[str, sqlite3.Connection] = {}

    def save(self, name: str) -> None:
        """Take a snapshot called `name`."""
        self.snapshots[name] = sqlite3.connect(":memory:")
        with closing(sqlite3.connect(self.file)) as live:
            live.backup(self.snapshots[name])

    def restore(self, name: str) -> None:
        """Restore the snapshot called `name`."""
        with closing(sqlite3.connect(self.file)) as live:
            wait_for_no_disk(live)
            self.snapshots[name].backup(live)

    def close(self) -> None:
        """Delete all snapshots."""
        for snapshot in self.snapshots.values():
            snapshot.close()


class PostgresDatabase:
    """A database of a server; its snapshots are databases beside it."""

    def __init__(self, server: URL) -> None:
        self.server = Postgres(server)
        self.name = f"console_{os.getpid()}_{next(_numbers)}"
        self.url = self.server.url(self.name)
        self.snapshots: list[str] = []

    def save(self, name: str) -> None:
        """Take a snapshot called `name`."""
        self.snapshots.append(f"{self.name}_{name}")
        self.server.copy(self.name, self.snapshots[-1])

    def restore(self, name: str) -> None:
        """Restore the snapshot called `name`."""
        self.server.copy(f"{self.name}_{name}", self.name)

    def close(self) -> None:
        """Delete all snapshots."""
        for name in (*self.snapshots, self.name):
            self.server.drop(name)
