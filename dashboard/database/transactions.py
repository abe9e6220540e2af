"""Begin a transaction that writes, or one that reads a single state of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, scoped_session

BRIEFLY_MS = 20
WRITES, SNAPSHOT, READS = "dashboard_writes", "dashboard_snapshot", "dashboard_reads"
"""Execution options: the purpose of a transaction; `READS` begins no transaction on PostgreSQL."""
TRANSACTION = "dashboard_transaction"
"""The key in `Session.info` that marks a session that always needs a transaction."""
UNCOMMITTED = "dashboard_uncommitted"
"""The key in `Session.info` under which are the commits that were refused, while all of them are."""
AnySession = Session | scoped_session[Any]


def begin_write(session: AnySession) -> None:
    """Begin the transaction of `session` as one that will write, and end the reading one before it.

    On SQLite a transaction that reads first and writes later fails at once if another connection wrote in
    between; ``BEGIN IMMEDIATE`` queues for the write lock instead. Objects loaded before are read again.
    Slow work, such as hashing a password, belongs before this call, not under the lock.
    """
    _begin(session, WRITES)


def begin_snapshot(session: AnySession) -> None:
    """Begin a transaction of `session` that only reads, and reads the state of this moment until it ends.

    For results that take several statements. On SQLite any transaction does that.
    """
    _begin(session, SNAPSHOT)


def _begin(session: AnySession, purpose: str) -> None:
    session.rollback()
    session.info[TRANSACTION] = True
    session.connection(execution_options={purpose: True})


class CommitError(RuntimeError):
    """A commit within a change that is committed as a whole."""


@contextmanager
def without_commit(session: AnySession) -> Iterator[None]:
    """Let nothing within commit `session`; raises CommitError, at the end where it was hidden within."""
    if UNCOMMITTED in session.info:
        yield
        return
    refused: list[CommitError] = session.info.setdefault(UNCOMMITTED, [])
    try:
        yield
    finally:
        session.info.pop(UNCOMMITTED, None)
    if refused:
        raise refused[0]


def refuse_commit(session: AnySession) -> None:
    """Raise CommitError within `without_commit`."""
    if UNCOMMITTED in session.info:
        error = CommitError("A part of a change must not be committed.")
        session.info[UNCOMMITTED].append(error)
        raise error


@contextmanager
def queued_write(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a writing transaction of its own, which queues for SQLite's write lock."""
    with engine.connect().execution_options(**{WRITES: True}) as connection, connection.begin():
        yield connection


@contextmanager
def brief_write(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in a short writing transaction that does not wait for locks.

    Raises `sqlalchemy.exc.OperationalError` if another connection holds SQLite's write lock, or the lock of a
    row on PostgreSQL. For notes that a page can do without.
    """
    with engine.connect().execution_options(**{WRITES: True}) as connection:
        driver: Any = connection.connection.driver_connection
        is_sqlite = engine.dialect.name == "sqlite"
        try:
            if is_sqlite:
                [patience] = driver.execute("PRAGMA busy_timeout").fetchone()
                driver.execute("PRAGMA busy_timeout=0")
            with connection.begin():
                if not is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = {BRIEFLY_MS}"))
                yield connection
        finally:
            if is_sqlite and not connection.invalidated:
                driver.execute(f"PRAGMA busy_timeout={patience}")
