"""The sample catalogue: something to look around with, once."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.rules import check_product, plain_price
from dashboard.catalogue.sample import load_sample
from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product
from unit.conftest import SetClock

TODAY = datetime(2026, 3, 31, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def test_it_has_two_hundred_products_and_says_so() -> None:
    assert load_sample() == 200
    assert db.session.scalar(select(func.count(Product.id))) == 200


def test_every_product_keeps_the_rules_of_the_catalogue() -> None:
    load_sample()
    for product in db.session.scalars(select(Product)):
        written = {
            "sku": product.sku,
            "name": product.name,
            "description": product.description,
            "price": plain_price(product.price, product.currency),
            "currency": product.currency,
            "stock": str(product.stock),
            "status": product.status.value,
        }
        checked = check_product(written)
        assert (checked.errors, checked.values["price"]) == ({}, product.price)


def test_every_product_is_one_of_its_kind_and_lies_on_a_shelf() -> None:
    load_sample()
    names = Counter(db.session.scalars(select(Product.name)))
    assert max(names.values()) == 1
    assert not db.session.scalars(select(Product).where(Product.category_id.is_(None))).all()


def test_a_category_that_looks_like_one_of_it_takes_its_products() -> None:
    load_sample()
    names = list(db.session.scalars(select(Category.name).order_by(Category.name_key)))
    db.session.rollback()
    mine = a_category(names[0].upper())
    load_sample()
    found = db.session.scalars(select(Category.name).order_by(Category.name_key))
    assert [*found] == [names[0].upper(), *names[1:]]
    assert mine.product_count > 0


def test_it_has_something_for_every_filter_of_the_list() -> None:
    load_sample()
    assert set(db.session.scalars(select(Product.status))) == set(ProductStatus)
    stocks = set(db.session.scalars(select(Product.stock)))
    assert 0 in stocks
    assert stocks & set(range(1, 6))
    assert max(stocks) > 5


def test_it_loads_once_only() -> None:
    load_sample()
    db.session.commit()
    assert load_sample() == 0
    assert db.session.scalar(select(func.count(Product.id))) == 200


def test_a_catalogue_that_holds_anything_is_left_alone() -> None:
    a_product("Mine")
    assert load_sample() == 0
    assert list(db.session.scalars(select(Product.name))) == ["Mine"]
    assert list(db.session.scalars(select(Category.id))) == []


def test_categories_that_exist_are_used_and_not_doubled() -> None:
    mine = a_category("Lighting")
    load_sample()
    assert mine.product_count > 0
    names = list(db.session.scalars(select(Category.name)))
    assert len(names) == len(set(names))


def test_its_products_look_added_over_the_last_two_months(set_clock: SetClock) -> None:
    set_clock(TODAY)
    load_sample()
    first, last = db.session.execute(select(func.min(Product.created_at), func.max(Product.created_at))).one()
    assert timedelta(days=50) < TODAY - first < timedelta(days=70)
    assert TODAY - timedelta(days=1) < last <= TODAY


def test_it_is_flushed_and_not_committed() -> None:
    load_sample()
    db.session.rollback()
    assert db.session.scalar(select(Product.id)) is None
