"""The declarative base, column types, SQLite's pragmas and how a transaction that writes begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from alembic import command
from alembic.config import Config
from sqlalchemy import BigInteger, DateTime, Dialect, Engine, MetaData, Numeric, Select, event, text
from sqlalchemy.engine import Connection
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.exc import DBAPIError, IntegrityError, InvalidatePoolError
from sqlalchemy.orm import DeclarativeBase, Session, scoped_session
from sqlalchemy.pool import ConnectionPoolEntry, PoolProxiedConnection
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database_url import sqlite_path
from dashboard.outages import Outage, outage_of

NAMING_CONVENTION = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
MIGRATIONS = Path(__file__).parent / "migrations"
ESCAPE = "\\"  # makes % and _ in a LIKE pattern stand for themselves
CACHE_KIB = 8000
"""What SQLite keeps of its file in memory for each connection. The pages of an even sample of 500 rows fit,
unlike in the 2,000 it has by itself; each page that does not is a call into the system."""
BUSY_TIMEOUT_MS = 5_000
BRIEFLY_MS = 20
WRITES, SNAPSHOT, READS = "dashboard_writes", "dashboard_snapshot", "dashboard_reads"
"""Execution options: what a transaction is for, or that there is to be none (on PostgreSQL)."""
TRANSACTION = "dashboard_transaction"
"""What `Session.info` says of a session that needs transactions, whatever it is used for."""
IDLE_SECONDS = 1.0
"""A connection to PostgreSQL that was idle for longer is asked whether it is still one before it is used.
Asking each time takes a page some percent more; one that breaks within a second ends in a 503, and no other
connection is used after it."""
UNIQUE_VIOLATION = "23505"  # PostgreSQL, Appendix A: Error Codes
MONEY_DIGITS, MONEY_DECIMALS = 14, 4  # 4 decimals is the most any ISO 4217 currency uses


AnySession = Session | scoped_session[Any]
V = TypeVar("V")
Statement = TypeVar("Statement", bound=Select[Any])
Read = Callable[[Any], V | None] | None
"""What turns a stored value into ours, as SQLAlchemy has it."""


class Base(DeclarativeBase):
    """The base of every model; constraints are named, so that migrations can alter them."""

    metadata = MetaData(naming_convention=NAMING_CONVENTION)


class UTCDateTime(TypeDecorator[datetime]):
    """An aware UTC datetime; SQLite, which has no zones, stores it naive. Refuses naive values."""

    impl = DateTime
    cache_ok = True
    python_type = datetime

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Keep the zone where the database can."""
        return dialect.type_descriptor(DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware datetime into what the database stores; raises ValueError for a naive one."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a datetime without a zone cannot be stored")
        value = value.astimezone(UTC)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[datetime]:  # noqa: ARG002
        """Read what is stored in one step; SQLAlchemy's own way takes three, and a list does little else."""
        return _read_utc if dialect.name == "sqlite" else _move_to_utc


class Money(TypeDecorator[Decimal]):
    """An exact decimal amount with up to 4 decimals.

    SQLite has no decimal type and its REAL is inexact, so there the amount is kept as a whole number of
    ten-thousandths, which sorts, compares and sums exactly.
    """

    impl = Numeric(MONEY_DIGITS, MONEY_DECIMALS)
    cache_ok = True
    python_type = Decimal

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Choose the column type of the database at hand."""
        if dialect.name == "sqlite":
            return dialect.type_descriptor(BigInteger())
        return dialect.type_descriptor(Numeric(MONEY_DIGITS, MONEY_DECIMALS))

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> Decimal | int | None:
        """Turn an amount into what the database stores."""
        if value is None or dialect.name != "sqlite":
            return value
        return int(value.scaleb(MONEY_DECIMALS).to_integral_value())

    def result_processor(self, dialect: Dialect, coltype: object) -> Read[Decimal]:  # noqa: ARG002
        """Read SQLite's whole numbers in one step; PostgreSQL gives decimals."""
        return _read_amount if dialect.name == "sqlite" else None


def _read_amount(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number).scaleb(-MONEY_DECIMALS)


def _move_to_utc(moment: datetime | None) -> datetime | None:
    return moment if moment is None or moment.tzinfo is UTC else moment.astimezone(UTC)


def _read_utc(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(f"{text}+00:00")


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
                driver.execute("PRAGMA busy_timeout=0")
            with connection.begin():
                if not is_sqlite:
                    connection.execute(text(f"SET LOCAL lock_timeout = {BRIEFLY_MS}"))
                yield connection
        finally:
            if is_sqlite and not connection.invalidated:
                driver.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def for_writing(statement: Statement, key: Any) -> Statement:
    """Read rows that are about to be changed, and lock them until the transaction ends.

    Lock, then compare, then write: after waiting for a row its latest values are read, also into objects that
    were loaded before. Rows are locked in the order of `key`, so that two requests that lock several do not
    deadlock. SQLite has one lock, which `begin_write` takes.
    """
    # Without key_share, other rows could not refer to these, and saving would stop for everybody.
    locked = statement.order_by(None).order_by(key).with_for_update(key_share=True)
    return locked.execution_options(populate_existing=True)


def not_locked(statement: Statement) -> Statement:
    """Read and lock the rows that no other transaction has locked, and wait for none."""
    return statement.with_for_update(skip_locked=True)


def serialise(session: AnySession, name: str) -> None:
    """Let one transaction at a time pass, among all that call this with `name`, until it ends.

    SQLite's write lock does that already; PostgreSQL takes an advisory lock.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:name))"), {"name": name})


def is_duplicate(error: IntegrityError) -> bool:
    """Whether a write was refused because its key is taken, and not for another constraint."""
    if getattr(error.orig, "sqlite_errorname", None) == "SQLITE_CONSTRAINT_UNIQUE":
        return True
    return getattr(error.orig, "sqlstate", None) == UNIQUE_VIOLATION


def is_outage(error: DBAPIError) -> bool:
    """Whether something is the matter with the database, which is no fault of the code."""
    return outage_of(error) is not None


def configure_engine(engine: Engine) -> None:
    """Give SQLite pragmas, explicit transactions and Unicode case folding, and PostgreSQL its time zone."""
    event.listen(engine, "handle_error", _give_up_read_only)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite_connection)
        event.listen(engine, "begin", _begin_sqlite_transaction)
    elif engine.dialect.name == "postgresql":
        event.listen(engine, "connect", _prepare_postgres_connection)
        event.listen(engine, "begin", _begin_postgres_transaction)
        event.listen(engine, "checkin", _note_idle)
        event.listen(engine, "checkout", partial(_ask_if_idle, engine.dialect))


def _give_up_read_only(context: ExceptionContext) -> None:
    """Close every connection where one cannot write: it never will, but a new one may.

    That is a file that can be written again, or the server that is PostgreSQL's primary now.
    """
    error = context.sqlalchemy_exception
    if isinstance(error, DBAPIError) and outage_of(error) is Outage.READ_ONLY:
        context.is_disconnect = True  # closes this one, and the others when they are given back
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
        raise InvalidatePoolError from error  # which makes the pool try again with a new one


def _prepare_postgres_connection(connection: DBAPIConnection, _record: ConnectionPoolEntry) -> None:
    # Else every moment that is read has to be moved to it.
    connection.cursor().execute("SET TIME ZONE 'UTC'")
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


def upgrade(database_url: str) -> None:
    """Bring the database at `database_url` to the newest schema, making the folder of an embedded one.

    Raises `sqlalchemy.exc.OperationalError` where the database cannot be opened or written.
    """
    if file := sqlite_path(database_url):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    config = Config()
    # Doubled, for Alembic reads %(name)s as a reference to another setting.
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["url"] = database_url
    command.upgrade(config, "head")
