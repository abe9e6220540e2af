"""Prepares connections: SQLite's pragmas, PostgreSQL's settings, and the way each begins a transaction."""

from __future__ import annotations

from functools import partial
from time import monotonic
from typing import cast

from psycopg.abc import AdaptContext
from sqlalchemy import Dialect, Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, InvalidatePoolError
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection

from dashboard.database.beyond import read_beyond
from dashboard.database.errors import Outage, outage_of
from dashboard.database.other_choices import read_any_choice
from dashboard.database.sqlite_days import read_any_day
from dashboard.database.transactions import READS, SNAPSHOT, WRITES

CACHE_KIB = 8000
"""SQLite's page cache for each connection. It holds the pages of an even sample of 500 rows, which SQLite's
default of 2,000 KiB does not; each page that is not in it costs a system call."""
BUSY_TIMEOUT_MS = 5_000
IDLE_SECONDS = 1.0
"""A connection to PostgreSQL that was idle for longer is tested before it is used. Testing each time would
make a page a few percent slower. If one breaks within a second, a request ends in a 503, and no older
connection is used after that."""


def configure_engine(engine: Engine) -> None:
    """Give SQLite pragmas, explicit transactions and Unicode case folding, and PostgreSQL its time zone."""
    event.listen(engine, "handle_error", _give_up_read_only)
    read_any_choice(engine.dialect)
    if engine.dialect.name == "sqlite":
        read_any_day(engine.dialect)
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite_transaction)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgres_connection)
        event.listen(engine, "begin", _begin_postgres_transaction)
        event.listen(engine, "checkin", _note_idle)
        event.listen(engine, "checkout", partial(_ask_if_idle, engine.dialect))


def _give_up_read_only(context: ExceptionContext) -> None:
    """Close every connection after one turns out to be read-only: it stays so, but a new one may write.

    The file may be writable again, or another server may be PostgreSQL's primary now.
    """
    error = context.sqlalchemy_exception
    if isinstance(error, DBAPIError) and outage_of(error) is Outage.READ_ONLY:
        context.is_disconnect = True  # closes this one, and the others when they are returned to the pool
        if context.execution_context and context.execution_context.cursor:
            context.execution_context.cursor.close()  # else SQLite keeps its file open for the statement
        if context.engine:
            context.engine.dispose()  # closes the idle ones


def _note_idle(_connection: DBAPIConnection | None, record: ConnectionPoolEntry) -> None:
    record.info["idle_since"] = monotonic()


def _ask_if_idle(
    dialect: Dialect, connection: DBAPIConnection, record: ConnectionPoolEntry, _proxy: PoolProxiedConnection
) -> None:
    if monotonic() - record.info.get("idle_since", monotonic()) < IDLE_SECONDS:
        return
    try:
        dialect.do_ping(connection)
    except dialect.loaded_dbapi.Error as error:
        raise InvalidatePoolError from error  # the pool then tries again with a new one


def _prepare_postgres_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # Otherwise every moment that is read has to be converted to UTC.
    connection.cursor().execute("SET TIME ZONE 'UTC'")
    connection.cursor().execute("SET datestyle = ISO")
    read_beyond(cast(AdaptContext, connection))
    # A request that waits for a locked row uses a thread; SQLite waits no longer than this either.
    connection.cursor().execute(f"SET lock_timeout = {BUSY_TIMEOUT_MS}")
    connection.commit()
    connection.autocommit = True  # the "begin" event decides, not the driver


def _prepare_sqlite_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    connection.isolation_level = None  # the "begin" event decides, not the driver
    connection.create_function("lower", 1, _lower, deterministic=True)
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_MS}",  # first: switching to WAL may have to wait
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",  # NORMAL can lose acknowledged commits at power loss
        f"cache_size={-CACHE_KIB}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _lower(value: object) -> object:
    # SQLite folds ASCII only; ILIKE is built on lower(), so this makes É match é.
    return value.lower() if isinstance(value, str) else value


def _begin_sqlite_transaction(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _begin_postgres_transaction(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get(SNAPSHOT):
        connection.exec_driver_sql("BEGIN ISOLATION LEVEL REPEATABLE READ")
    elif not options.get(READS):
        connection.exec_driver_sql("BEGIN")
