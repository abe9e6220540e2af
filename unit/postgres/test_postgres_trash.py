"""The trash over PostgreSQL, with the types that only it has."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import (
    ARRAY,
    Column,
    DateTime,
    Integer,
    MetaData,
    Numeric,
    Table,
    Text,
    event,
    insert,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Engine

from dashboard.catalogue.models import Product
from dashboard.catalogue.trash import restore_products, trash_products
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from dashboard.trash.rows import RowFormat

OWN = Table(
    "crates_of_postgresql",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("exact", Numeric(40, 20)),
    Column("at", DateTime(timezone=True)),
    Column("prices", ARRAY(Numeric(20, 10))),
    Column("words", ARRAY(Text, dimensions=2)),
    Column("facts", JSONB),
)


@pytest.fixture
def own(context: Flask) -> Iterator[Table]:
    OWN.create(db.engine)
    yield OWN
    db.session.rollback()
    OWN.drop(db.engine)


def test_its_own_types_come_back_to_the_letter(own: Table) -> None:
    row = {
        "id": 1,
        "exact": Decimal("12345678901234567890.12345678901234567890"),
        "at": datetime(2026, 3, 29, 2, 30, 0, 1, tzinfo=timezone(timedelta(hours=5, minutes=45))),
        "prices": [Decimal("0.0000000001"), None, Decimal("-9999999999.9999999999")],
        "words": [["a", None], ["ü", '"']],
        "facts": {"a": [1.10, None, {"ä": True}]},
    }
    nothing = {**dict.fromkeys(row), "id": 2}
    connection, form = db.session.connection(), RowFormat(own)
    connection.execute(insert(own), [row, nothing])
    everything = text("SELECT *, facts::text FROM crates_of_postgresql ORDER BY id")
    before = connection.execute(everything).all()
    kept = [
        form.write(dict(found))
        for found in connection.execute(own.select().with_only_columns(*form.columns)).mappings()
    ]
    connection.execute(own.delete())
    connection.execute(insert(own), [form.read(values) for values in kept])
    assert connection.execute(everything).all() == before
    assert before[0].at == row["at"].astimezone(UTC)


@contextmanager
def event_on(engine: Engine, listen: Callable[..., None]) -> Iterator[None]:
    """Call `listen` before each statement."""
    event.listen(engine, "before_cursor_execute", listen)
    yield
    event.remove(engine, "before_cursor_execute", listen)


def test_records_deleted_a_moment_ago_are_each_looked_for_once(context: Flask) -> None:
    trash_products([a_product().id])
    db.session.execute(text("UPDATE trash SET kind = 'others'"))
    db.session.execute(text("ANALYZE trash"))
    products = [Product(name=f"P{number}", sku=f"P-{number}", price=Decimal(1)) for number in range(1500)]
    db.session.add_all(products)
    db.session.flush()
    keys, plans = [product.id for product in products], list[str]()
    trash_products(keys)

    def explain(connection: Any, _cursor: Any, sql: str, given: Any, *_others: Any) -> None:
        if sql.startswith("SELECT trash.id") and "FOR NO KEY UPDATE" in sql:
            plan = connection.connection.driver_connection.execute(f"EXPLAIN {sql}", given)
            plans.append("\n".join(line for (line,) in plan))

    with event_on(db.engine, explain):
        assert restore_products(keys) == len(keys)
    [plan] = plans
    assert "Join Filter" not in plan
