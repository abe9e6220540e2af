"""How a transaction begins that writes, or that reads one state of the database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session, scoped_session

BRIEFLY_MS = 20
WRITES, SNAPSHOT, READS = "dashboard_writes", "dashboard_snapshot", "dashboard_reads"
"""Execution options: what a transaction is for, or that there is to be none (on PostgreSQL)."""
TRANSACTION = "dashboard_transaction"
"""What `Session.info` says of a session that needs transactions, whatever it is used for."""
AnySession = Session | scoped_session[Any]


def begin_write(session: AnySession) -> None:
    """Begin the transaction of `session` as one that will write, ending the reading one before it.

    On SQLite a transaction that reads first and writes later fails at once when somebody else wrote in
    between; ``BEGIN IMMEDIATE`` queues for the write lock instead. Everything loaded before is read afresh.
    Slow work (hashing a password, say) belongs before this call, not under the lock.
    """
    _begin(session, WRITES)


def begin_snapshot(session: AnySession) -> None:
    """Begin a transaction of `session` that only reads, and from now on reads what is stored now.

    For what takes several statements. On SQLite any transaction does that.
    """
    _begin(session, SNAPSHOT)


def _begin(session: AnySession, purpose: str) -> None:
    session.rollback()
    session.info[TRANSACTION] = True
    session.connection(execution_options={purpose: True})


@contextmanager
def brief_write(engine: Engine) -> Iterator[Connection]:
    """A short writing transaction of its own that gives up at once where somebody else holds a lock.

    That is SQLite's one lock, or that of a row on PostgreSQL. Raises `sqlalchemy.exc.OperationalError` then.
    For notes that a page can do without.
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
