"""The file of an embedded database: whether it is still the open one, and whether it can be written.

SQLite checks neither again once a connection is open. It goes on writing into a file that was deleted, and a
connection to a file that was read-only stays read-only.
"""

from __future__ import annotations

import logging
import os
import sqlite3
from pathlib import Path
from threading import Condition
from typing import Any

from sqlalchemy import Connection, Dialect, Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import InvalidatePoolError, OperationalError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

IDENTITY, READ_ONLY = "file", "read_only"
DRAIN_SECONDS = 1.0
"""How long a new connection waits for the requests with read-only connections to end."""
GONE = "the database file was deleted or replaced"

log = logging.getLogger(__name__)


class DatabaseFile:
    """Watches the file behind an engine whenever a connection is opened, taken, committed or returned."""

    def __init__(self, path: str) -> None:
        self.path = Path(path).absolute()
        self._beside = [Path(f"{self.path}{suffix}") for suffix in ("", "-wal", "-shm")]
        self._read_only: set[int] = set()
        self._closed_one = Condition()

    def watch(self, engine: Engine) -> None:
        """Begin to watch; call it after adding the listeners that prepare a connection."""
        event.listen(engine, "do_connect", self._open)
        event.listen(engine, "connect", self._opened)
        event.listen(engine, "checkout", self._taken)
        event.listen(engine, "checkin", self._given_back)
        event.listen(engine, "close", self._close)
        event.listen(engine, "commit", self._refuse_to_lose)

    def identity(self) -> tuple[int, int] | None:
        """The device and inode of the file at the path, or None if there is no file."""
        try:
            found = self.path.stat()
        except OSError:
            return None
        return found.st_dev, found.st_ino

    def _open(
        self, dialect: Dialect, record: ConnectionPoolEntry, _arguments: list[Any], options: dict[str, Any]
    ) -> DBAPIConnection:
        record.info[IDENTITY] = self.identity()
        record.info[READ_ONLY] = not self._is_writable() or self._others_stay_read_only()
        # By itself SQLite makes an empty database where it finds none; only a migration may do that.
        options = {**options, "uri": True}
        if record.info[READ_ONLY]:
            options["cached_statements"] = 0  # SQLite keeps its file open for as long as there are any
        return dialect.connect(f"{self.path.as_uri()}?mode=rw", **options)

    def _is_writable(self) -> bool:
        effective = os.access in os.supports_effective_ids
        return all(
            os.access(each, os.W_OK, effective_ids=effective) for each in self._beside if each.exists()
        )

    def _others_stay_read_only(self) -> bool:
        # All connections of a process share the -shm file as the first one opened it, so they have to be
        # closed before any can write. `_given_back` leaves none of them idle: they end with their requests.
        with self._closed_one:
            return not self._closed_one.wait_for(lambda: not self._read_only, DRAIN_SECONDS)

    def _opened(self, connection: DBAPIConnection, record: ConnectionPoolEntry) -> None:
        if record.info[READ_ONLY]:
            with self._closed_one:
                self._read_only.add(id(connection))

    def _taken(
        self, _connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
    ) -> None:
        if record.info[IDENTITY] != self.identity():
            log.error("The database file %s was deleted or replaced while it was open.", self.path)
            raise InvalidatePoolError(GONE)  # the pool then opens the file that is there now

    def _given_back(self, connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
        if connection is not None and record.info.get(READ_ONLY):
            record.invalidate()

    def _close(self, connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
        connection.close()  # the pool does it too, but only after this, and the others must not come before
        with self._closed_one:
            self._read_only.discard(id(connection))
            self._closed_one.notify_all()

    def _refuse_to_lose(self, connection: Connection) -> None:
        if connection.connection.info[IDENTITY] != self.identity():
            raise OperationalError("COMMIT", None, sqlite3.OperationalError(GONE))
