"""SQLite for tests, whose files need not survive a power cut."""

import sqlite3


def wait_for_no_disk(connection: object, _record: object = None) -> None:
    """Let commits return before they are on the disk; waiting would take most of a run.

    A listener for SQLAlchemy's event ``connect``; it leaves connections to other databases alone.
    """
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")
