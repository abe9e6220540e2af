"""The order of names on PostgreSQL, whatever the language of its database."""

import pytest
from flask import Flask
from sqlalchemy import text

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product
from dashboard.extensions import db
from dashboard.trash.models import Trashed

KEYS = [
    (Product.name_key, "ix_products_name_key_id"),
    (Product.price_key, "ix_products_price_key_id"),
    (Product.sku_key, "ix_products_sku_key"),
    (Category.name_key, "ix_categories_name_key"),
    (Trashed.title_key, "ix_trash_title_key_id"),
    (User.email_key, "ix_users_email_key_id"),
    (User.name_key, "ix_users_name_key_id"),
]


@pytest.mark.parametrize(("key", "index"), KEYS, ids=str)
def test_an_index_gives_the_order(key: object, index: str, app: Flask) -> None:
    with app.app_context():
        db.session.execute(text("SET LOCAL enable_seqscan = off"))
        table = key.class_.__tablename__
        plan = db.session.execute(text(f"EXPLAIN SELECT id FROM {table} ORDER BY {key.key}, id LIMIT 26"))
        steps = "\n".join(plan.scalars())
    assert index in steps
    assert " Sort " not in steps or "Presorted Key" in steps


def test_sort_keys_are_compared_by_code_points(app: Flask) -> None:
    of_columns = text(
        "SELECT column_name, collation_name FROM information_schema.columns"
        " WHERE table_schema = 'public' AND (column_name LIKE '%\\_key' OR column_name = 'sku_twin')"
        " AND data_type IN ('character varying', 'text')"  # the key of a passkey is bytes
        " AND column_name <> 'record_key'"  # the key of a record, which sorts nothing
    )
    with app.app_context():
        found = [(name, collation) for name, collation in db.session.execute(of_columns)]
    assert {key.key for key, _ in KEYS} < {name for name, _ in found}
    assert [name for name, collation in found if collation != "C"] == []
