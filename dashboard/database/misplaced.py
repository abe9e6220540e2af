"""The database of an earlier version, which misread some paths."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from dashboard.database.url import sqlite_path

SQLITE_MAGIC = b"SQLite format 3\0"  # https://www.sqlite.org/fileformat.html


def misplaced_database(file: Path) -> Path | None:
    """The path that an earlier version, misreading ``%`` and ``?``, used instead of `file`; or None."""
    earlier = sqlite_path(f"sqlite:///{file}")
    if earlier is None or earlier == file or is_database(file):
        return None
    return earlier if is_database(earlier) else None


def is_database(file: Path) -> bool:
    """Whether a SQLite database lies at `file`."""
    with suppress(OSError), file.open("rb") as found:
        return found.read(len(SQLITE_MAGIC)) == SQLITE_MAGIC
    return False
