"""The keys of the rows of a file that were read so far, on disk: a million of them would fill the memory."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from types import TracebackType


class Seen:
    """Tells which rows have the key of an earlier row."""

    def __init__(self) -> None:
        # An empty name makes a temporary file, which SQLite deletes.
        self.database = sqlite3.connect("", isolation_level=None)
        self.database.execute("PRAGMA synchronous=OFF")
        self.database.execute("CREATE TABLE keys (key TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID")

    def __enter__(self) -> Seen:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.database.close()

    def add(self, keys: Mapping[int, str]) -> dict[int, int]:
        """Note the keys of rows by their numbers; returns the earlier row of each whose key is not new."""
        if not keys:
            return {}
        self.database.execute("BEGIN")
        self.database.executemany(
            "INSERT OR IGNORE INTO keys VALUES (?, ?)", ((key, number) for number, key in keys.items())
        )
        self.database.execute("COMMIT")
        later = {}
        for number, key in keys.items():
            [first] = self.database.execute("SELECT number FROM keys WHERE key = ?", (key,)).fetchone()
            if first != number:
                later[number] = first
        return later
