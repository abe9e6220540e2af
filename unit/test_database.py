"""The database: column types, pragmas, and transactions that do not get into each other's way."""

import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from time import monotonic

import pytest
from flask import Flask
from sqlalchemy import create_engine, event, func, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError, OperationalError, StatementError

from dashboard.accounts.models import User
from dashboard.app import create_app
from dashboard.catalogue.models import Category, Product
from dashboard.config import Settings
from dashboard.database import engine as connections
from dashboard.database.errors import is_duplicate
from dashboard.database.transactions import begin_write, brief_write
from dashboard.database.types import Money, UTCDateTime
from dashboard.extensions import db
from dashboard.testing.accounts import an_account
from dashboard.testing.catalogue import a_category, a_product

POSTGRESQL = postgresql.dialect()
SQLITE = sqlite.dialect()


@pytest.fixture
def other_connection(app: Flask) -> Iterator[sqlite3.Connection]:
    """Another connection to the same file, which does not wait for locks."""
    file = app.config["SQLALCHEMY_DATABASE_URI"].removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None, timeout=0)) as connection:
        yield connection


@pytest.mark.sqlite
@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("synchronous", 2), ("busy_timeout", 5000)],
)
def test_every_sqlite_connection_has_its_pragmas(settings: Settings, pragma: str, value: object) -> None:
    with create_app(settings).app_context():
        assert db.session.scalar(text(f"PRAGMA {pragma}")) == value
        db.session.remove()
        db.engine.dispose()


def test_foreign_key_to_a_missing_row_is_refused(context: Flask) -> None:
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        a_product(category_id=4711)


def test_database_refuses_to_delete_a_category_with_products(context: Flask) -> None:
    category = a_category()
    a_product(category_id=category.id)
    db.session.delete(category)
    with pytest.raises(IntegrityError, match=r"(?i)foreign key"):
        db.session.flush()


@pytest.mark.parametrize("field", ["price", "stock"])
def test_database_refuses_a_negative_amount(context: Flask, field: str) -> None:
    with pytest.raises(IntegrityError, match=f"ck_products_{field}_not_negative"):
        a_product(**{field: Decimal(-1) if field == "price" else -1})


def test_database_refuses_an_unknown_role(context: Flask) -> None:
    an_account()
    with pytest.raises(IntegrityError, match="ck_users_role"):
        db.session.execute(text("UPDATE users SET role = 'root'"))


@pytest.mark.parametrize(
    "amount", ["0", "0.0001", "0.10", "12.50", "1234567.8901", "9999999999.9999", "0.3333"]
)
def test_amount_is_read_as_it_was_stored(context: Flask, amount: str) -> None:
    a_product(price=Decimal(amount))
    db.session.expire_all()
    stored = db.session.scalars(select(Product.price)).one()
    assert isinstance(stored, Decimal)
    assert stored == Decimal(amount)


def test_amounts_of_money_sum_sort_and_compare_exactly(context: Flask) -> None:
    for amount in ("0.1", "0.2", "10", "9.99"):
        a_product(price=Decimal(amount))
    assert db.session.scalar(select(func.sum(Product.price))) == Decimal("20.29")
    cheapest_first = list(db.session.scalars(select(Product.price).order_by(Product.price)))
    assert cheapest_first == [Decimal(a) for a in ("0.1", "0.2", "9.99", "10")]
    assert db.session.scalar(select(func.count()).where(Product.price <= Decimal("0.2"))) == 2


@pytest.mark.parametrize("dialect", [POSTGRESQL, SQLITE])
def test_null_amount_stays_null(dialect: object) -> None:
    assert Money().process_bind_param(None, dialect) is None
    read = Money().result_processor(dialect, None)
    assert read is None or read(None) is None


def test_postgresql_stores_amounts_as_numeric() -> None:
    assert str(Money().load_dialect_impl(POSTGRESQL)) == "NUMERIC(14, 4)"
    assert Money().process_bind_param(Decimal("12.5"), POSTGRESQL) == Decimal("12.5")
    assert Money().result_processor(POSTGRESQL, None) is None


@pytest.mark.parametrize("hours", [0, 5.5, -8, 14])
def test_moment_of_any_zone_is_read_in_utc(context: Flask, hours: float) -> None:
    moment = datetime(2026, 3, 29, 2, 30, 15, 123456, tzinfo=timezone(timedelta(hours=hours)))
    user = an_account(created_at=moment)
    db.session.expire_all()
    assert user.created_at == moment
    assert user.created_at.tzinfo is UTC


def test_moment_without_a_zone_is_refused(context: Flask) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        an_account(created_at=datetime(2026, 3, 29))  # noqa: DTZ001 - what is refused


def test_postgresql_stores_moments_with_a_zone() -> None:
    moment = datetime(2026, 3, 29, 4, 30, tzinfo=timezone(timedelta(hours=2)))
    assert UTCDateTime().load_dialect_impl(POSTGRESQL).timezone
    assert UTCDateTime().process_bind_param(moment, POSTGRESQL).utcoffset() == timedelta()
    assert UTCDateTime().result_processor(POSTGRESQL, None)(moment).tzinfo is UTC


def test_null_moment_stays_null(context: Flask) -> None:
    user = an_account(last_seen_at=None)
    db.session.expire_all()
    assert user.last_seen_at is None


@pytest.mark.parametrize(("stored", "asked"), [("ÉTAGÈRE", "étagère"), ("Žluťoučký", "ŽLUŤOUČKÝ")])
def test_sqlite_folds_letters_beyond_ascii(context: Flask, stored: str, asked: str) -> None:
    a_category("Something else")
    a_category(stored)
    found = select(Category.name).where(Category.name.ilike(f"%{asked}%"))
    assert list(db.session.scalars(found)) == [stored]


@pytest.mark.sqlite
def test_sqlite_folds_only_text(context: Flask) -> None:
    assert db.session.execute(text("SELECT lower(NULL), lower(7)")).one() == (None, 7)


@pytest.mark.sqlite
def test_reading_transaction_holds_no_lock(context: Flask, other_connection: sqlite3.Connection) -> None:
    db.session.scalar(select(User.id))
    other_connection.execute("BEGIN IMMEDIATE")


@pytest.mark.sqlite
def test_writing_transaction_holds_the_lock_from_its_beginning(
    context: Flask, other_connection: sqlite3.Connection
) -> None:
    begin_write(db.session)
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        other_connection.execute("BEGIN IMMEDIATE")


@pytest.mark.sqlite
def test_writing_transaction_reloads_loaded_rows(
    context: Flask, other_connection: sqlite3.Connection
) -> None:
    user = an_account()
    db.session.commit()
    assert user.name == ""
    other_connection.execute("UPDATE users SET name = 'Changed by another user'")
    begin_write(db.session)
    assert user.name == "Changed by another user"


@pytest.mark.sqlite
def test_transaction_after_a_writing_one_holds_no_lock(
    context: Flask, other_connection: sqlite3.Connection
) -> None:
    begin_write(db.session)
    db.session.commit()
    db.session.scalar(select(User.id))
    other_connection.execute("BEGIN IMMEDIATE")


@pytest.mark.sqlite
def test_sixteen_threads_that_read_then_write_all_succeed(app: Flask) -> None:
    with app.app_context():
        a_product(stock=0)
        db.session.commit()

    def receive(_number: int) -> None:
        with app.app_context():
            begin_write(db.session)
            product = db.session.scalars(select(Product)).one()
            product.stock += 1
            db.session.commit()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(receive, range(160)))
    with app.app_context():
        assert db.session.scalars(select(Product.stock)).one() == 160


@pytest.mark.sqlite
class TestBriefWrite:
    def test_brief_write_commits_in_its_own_transaction(self, context: Flask) -> None:
        an_account()
        db.session.commit()
        with brief_write(db.engine) as connection:
            connection.execute(text("UPDATE users SET name = 'Seen'"))
        db.session.rollback()
        assert db.session.scalar(select(User.name)) == "Seen"

    def test_brief_write_fails_at_once_if_locked(
        self, context: Flask, other_connection: sqlite3.Connection
    ) -> None:
        other_connection.execute("BEGIN IMMEDIATE")
        begun = monotonic()
        with pytest.raises(OperationalError, match="locked"), brief_write(db.engine):
            pytest.fail("another connection has the lock")
        assert monotonic() - begun < connections.BUSY_TIMEOUT_MS / 1000 / 2

    def test_brief_write_restores_the_busy_timeout(
        self, context: Flask, other_connection: sqlite3.Connection
    ) -> None:
        other_connection.execute("BEGIN IMMEDIATE")
        with pytest.raises(OperationalError), brief_write(db.engine):
            pass
        assert db.session.scalar(text("PRAGMA busy_timeout")) == connections.BUSY_TIMEOUT_MS

    def test_error_in_a_brief_write_rolls_it_back(self, context: Flask) -> None:
        an_account()
        db.session.commit()
        with pytest.raises(ZeroDivisionError), brief_write(db.engine) as connection:
            connection.execute(text("UPDATE users SET name = 'Half done'"))
            _ = 1 / 0
        assert db.session.scalar(select(User.name)) == ""


def test_duplicate_key_differs_from_other_violations(context: Flask) -> None:
    a_product(sku="A")
    with pytest.raises(IntegrityError) as taken:
        a_product(sku="A")
    db.session.rollback()
    with pytest.raises(IntegrityError) as nowhere:
        a_product(category_id=4711)
    assert is_duplicate(taken.value)
    assert not is_duplicate(nowhere.value)


def test_postgresql_gets_no_sqlite_listeners() -> None:
    engine = create_engine("postgresql+psycopg://nobody@localhost/nothing")
    connections.configure_engine(engine)
    assert not event.contains(engine, "begin", connections._begin_sqlite_transaction)
    assert not event.contains(engine, "connect", connections._prepare_sqlite_connection)
