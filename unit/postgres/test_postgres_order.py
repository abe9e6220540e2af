"""The order of names on PostgreSQL, whatever the language of its database: the very tests of SQLite."""

import pytest
from flask import Flask
from sqlalchemy import text

from dashboard.accounts.models import User
from dashboard.catalogue.models import Category, Product, TrashedProduct
from dashboard.extensions import db
from unit.admin.test_order import (
    owner,
    test_a_change_of_name_moves_a_row_at_once,
    test_a_list_is_in_one_order_on_every_database,
    test_a_place_from_before_the_order_shows_the_first_page,
    test_filter_options_and_the_bars_of_the_home_are_in_that_order,
    test_paging_keeps_the_order,
    test_people_are_in_that_order_too,
    test_saved_views_and_editors_are_in_that_order,
    test_skus_and_addresses_are_in_order_whatever_the_case,
)

__all__ = [
    "owner",
    "test_a_change_of_name_moves_a_row_at_once",
    "test_a_list_is_in_one_order_on_every_database",
    "test_a_place_from_before_the_order_shows_the_first_page",
    "test_filter_options_and_the_bars_of_the_home_are_in_that_order",
    "test_paging_keeps_the_order",
    "test_people_are_in_that_order_too",
    "test_saved_views_and_editors_are_in_that_order",
    "test_skus_and_addresses_are_in_order_whatever_the_case",
]
KEYS = [
    (Product.name_key, "ix_products_name_key_id"),
    (Product.sku_key, "ix_products_sku_key"),
    (Category.name_key, "ix_categories_name_key"),
    (TrashedProduct.name_key, "ix_trashed_products_name_key_id"),
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
    )
    with app.app_context():
        assert {collation for _, collation in db.session.execute(of_columns)} == {"C"}
