"""The schema on PostgreSQL: the migrations make what the models declare, and can undo it."""

import os
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from functools import partial

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.util import CommandError
from flask import Flask
from sqlalchemy import Engine, create_engine, inspect, select, text
from sqlalchemy.engine import URL
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.models import Product, ProductStatus
from dashboard.database.migrating import MIGRATIONS, upgrade
from dashboard.extensions import db
from dashboard.search.schema import is_declared
from dashboard.testing.catalogue import a_category, a_product
from unit.postgres.server import read, run


def as_text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def tables(engine: Engine) -> set[str]:
    return set(inspect(engine).get_table_names()) - {"alembic_version"}


def test_migrations_upgrade_and_downgrade(fresh: URL) -> None:
    engine = create_engine(fresh)
    upgrade(as_text(fresh))
    assert tables(engine) == set(db.metadata.tables)
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = as_text(fresh)
    command.downgrade(config, "base")
    assert tables(engine) == set()
    engine.dispose()


def columns(url: URL) -> set[str]:
    """Every column of a database with its table and its type."""
    return read(
        url,
        "SELECT concat_ws(' ', table_name, column_name, data_type) FROM information_schema.columns"
        " WHERE table_schema = 'public'",
    )


def test_migrating_twice_equals_migrating_once(fresh: URL) -> None:
    upgrade(as_text(fresh))
    once = columns(fresh)
    assert "products price numeric" in once
    upgrade(as_text(fresh))
    assert columns(fresh) == once


def test_migrated_schema_matches_the_models(app: Flask) -> None:
    with app.app_context(), db.engine.connect() as connection:
        opts = {"compare_type": True, "include_name": partial(is_declared, db.metadata)}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, db.metadata) == []


def indexes(url: URL) -> set[str]:
    return read(url, "SELECT indexdef FROM pg_indexes WHERE tablename = 'products'")


def test_migrations_make_the_indexes_that_the_models_do(fresh: URL, postgres_database: URL) -> None:
    engine = create_engine(fresh)
    db.metadata.create_all(engine)
    engine.dispose()
    assert indexes(fresh) == indexes(postgres_database)
    assert any("gin_trgm_ops" in definition for definition in indexes(fresh))


@pytest.fixture
def unprivileged(postgres_server: URL, worker_id: str) -> Iterator[URL]:
    """The address, with a new database role that has no rights yet."""
    name = f"unprivileged_{worker_id}_{os.getpid()}"
    run(postgres_server, f"CREATE ROLE \"{name}\" LOGIN PASSWORD 'just-for-this'")
    yield postgres_server.set(username=name, password="just-for-this")
    run(postgres_server, f'DROP ROLE "{name}"')


def test_upgrade_without_rights_to_the_extension_says_who_can_create_it(
    unprivileged: URL, fresh: URL
) -> None:
    run(fresh, f'GRANT ALL ON SCHEMA public TO "{unprivileged.username}"')
    url = unprivileged.set(database=fresh.database)
    with pytest.raises(
        CommandError, match="have an administrator of PostgreSQL run CREATE EXTENSION pg_trgm"
    ):
        upgrade(as_text(url))
    run(fresh, "CREATE EXTENSION pg_trgm")
    upgrade(as_text(url))
    run(fresh, f'DROP OWNED BY "{unprivileged.username}"')


def test_every_constraint_of_the_schema_has_a_name_of_ours(app: Flask) -> None:
    with app.app_context():
        found = inspect(db.engine)
        for table in db.metadata.tables:
            names = [found.get_pk_constraint(table)["name"]]
            names += [c["name"] for c in found.get_unique_constraints(table)]
            names += [c["name"] for c in found.get_foreign_keys(table)]
            names += [c["name"] for c in found.get_check_constraints(table)]
            assert all(str(name).split("_")[0] in ("pk", "uq", "fk", "ck") for name in names), names


@pytest.mark.parametrize("price", ["0", "0.0001", "0.1", "12.5", "9999999999", "9999999999.9999"])
def test_amount_is_read_as_it_was_stored(price: str, app: Flask) -> None:
    with app.app_context():
        key = a_product(price=Decimal(price)).id
        db.session.commit()
        assert db.session.scalar(select(Product.price).where(Product.id == key)) == Decimal(price)


def test_amounts_are_added_exactly(app: Flask) -> None:
    with app.app_context():
        for _ in range(10):
            a_product(price=Decimal("0.1"))
        assert db.session.scalar(select(db.func.sum(Product.price))) == Decimal(1)


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Kathmandu"])
def test_moment_is_read_in_utc_whatever_the_zone_of_the_server(zone: str, app: Flask) -> None:
    moment = datetime(2026, 3, 31, 23, 30, 15, 123456, tzinfo=timezone(timedelta(hours=2)))
    with app.app_context():
        db.session.execute(text(f"SET TIME ZONE '{zone}'"))
        key = a_product(created_at=moment).id
        found = db.session.scalar(select(Product.created_at).where(Product.id == key))
        assert found == moment
        assert found.tzinfo is UTC


def test_moment_without_a_zone_is_refused(app: Flask) -> None:
    with app.app_context(), pytest.raises(Exception, match="without a zone"):
        a_product(created_at=datetime(2026, 3, 31))  # noqa: DTZ001 - the point of it


@pytest.mark.parametrize(
    ("broken", "constraint"),
    [
        ({"price": Decimal(-1)}, "ck_products_price_not_negative"),
        ({"stock": -1}, "ck_products_stock_not_negative"),
        ({"sku": "TAKEN"}, "uq_products_sku"),
        ({"category_id": 999}, "fk_products_category_id_categories"),
    ],
    ids=str,
)
def test_database_refuses_values_that_break_a_constraint(
    broken: dict[str, object], constraint: str, app: Flask
) -> None:
    with app.app_context():
        a_product(sku="TAKEN")
        with pytest.raises(IntegrityError, match=constraint):
            a_product(**broken)


def test_database_refuses_an_unknown_status(app: Flask) -> None:
    with app.app_context():
        a_product()
        with pytest.raises(IntegrityError, match="ck_products_status"):
            db.session.execute(text("UPDATE products SET status = 'lost'"))


def test_database_refuses_to_delete_a_category_with_products(app: Flask) -> None:
    with app.app_context():
        a_product(category=a_category(), status=ProductStatus.DRAFT)
        with pytest.raises(IntegrityError, match="fk_products_category_id_categories"):
            db.session.execute(text("DELETE FROM categories"))


def test_moments_are_read_in_utc_whatever_the_zone_of_the_database(app: Flask) -> None:
    with app.app_context():
        name = db.engine.url.database
        db.session.execute(text(f"ALTER DATABASE \"{name}\" SET TIME ZONE 'Asia/Tokyo'"))
        db.session.commit()
        db.engine.dispose()
        try:
            [moment] = db.session.execute(text("SELECT now()")).one()
            assert moment.tzinfo is UTC
        finally:
            db.session.rollback()
            db.session.execute(text(f'ALTER DATABASE "{name}" RESET TIME ZONE'))
            db.session.commit()
