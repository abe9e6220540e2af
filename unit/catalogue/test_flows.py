"""The flows of products and categories, and their refusals."""

from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.catalogue.flows import (
    create_category,
    create_product,
    delete_categories,
    rename_category,
    set_status,
    update_product,
)
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.rules import check_product
from dashboard.catalogue.trash import trash_products
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.testing.catalogue import a_category, a_product, products
from unit.conftest import SetClock
from unit.racing import LONG_AGO, another_user_adds

ALIKE = [
    ("Lighting", "LIGHTING"),
    ("Lighting", "lIGHTING"),
    ("ÉCLAIRAGE", "éclairage"),
    ("Floor lamps", "Floor  lamps"),
    ("Floor lamps", "Floor\u00a0lamps"),
    ("Floor lamps", "Floor\u3000lamps"),
    ("Floor lamps", "Floor\u2800lamps"),
    ("Floor lamps", "Floor\ufffclamps"),
    ("Lamps", "La\u200bmps"),
    ("Lamps", "Lam\u00adps"),
    ("Lamps", "Lamps\ufe0f"),
    ("Lamps", "La\u034fmps"),
    ("Lamps", "L\u0430mps"),
    ("Copper", "\u0421opper"),
    ("COP", "\u0421\u041e\u0420"),
    ("Box", "B\u03bfx"),
    ("Лампы", "ЛАМПЫ"),
    ("Filter", "\ufb01lter"),
    ("Lamps", "\uff2camps"),
    ("D'art", "D\u2019art"),
    ("Straße", "STRASSE"),
]
UNLIKE = [
    ("Año", "Ano"),
    ("Schön", "Schon"),
    ("Pads", "Pods"),
    ("Level 1", "Level l"),
    ("5 mm", "5 \u03bcm"),
    ("Floor lamps", "Floorlamps"),
    ("нос", "HOC2"),
]
FIELDS = {
    "sku": "LMP-1",
    "name": "Oak Lamp",
    "price": "12.50",
    "currency": "EUR",
    "stock": "3",
    "status": "draft",
}


@pytest.fixture(autouse=True)
def _in_the_application(app: Flask) -> Iterator[None]:
    with app.app_context():
        yield


def ids(several: list[Product]) -> list[int]:
    return [product.id for product in several]


def checked(**fields: str) -> dict[str, Any]:
    return check_product({**FIELDS, **fields}).values


def test_a_product_is_created_with_its_defaults() -> None:
    product = create_product(checked())
    assert (product.id, product.version, product.description) == (1, 1, "")
    assert product.category is None
    assert {name: getattr(product, name) for name in FIELDS} == checked()


def test_a_product_is_flushed_and_not_committed() -> None:
    create_product(checked())
    db.session.rollback()
    assert db.session.scalar(select(Product.id)) is None


def test_a_second_product_with_the_same_sku_is_refused_at_that_field() -> None:
    create_product(checked())
    with pytest.raises(Refusal, match="This SKU is already in use") as refusal:
        create_product(checked(name="Another"))
    assert refusal.value.field == "sku"


def test_sku_taken_at_the_same_moment_is_refused(app: Flask) -> None:
    with (
        another_user_adds(app, Product, sku="LMP-1", name="Theirs", price=Decimal(1)),
        pytest.raises(Refusal, match="This SKU is already in use") as refusal,
    ):
        create_product(checked())
    assert refusal.value.field == "sku"


def test_deleted_category_is_reported_at_its_field() -> None:
    with pytest.raises(Refusal, match="no longer exists") as refusal:
        create_product({**checked(), "category_id": 999})
    assert refusal.value.field == "category"


def test_a_new_sku_that_differs_in_case_only_is_refused_at_its_field() -> None:
    create_product(checked())
    with pytest.raises(Refusal, match="has the SKU LMP-1, which differs in case only") as refusal:
        create_product(checked(sku="lmp-1"))
    assert refusal.value.field == "sku"


def test_a_product_cannot_be_given_a_sku_that_differs_in_case_only() -> None:
    create_product(checked())
    other = a_product(sku="LMP-2")
    with pytest.raises(Refusal, match="has the SKU LMP-1, which differs in case only") as refusal:
        update_product(other, checked(sku="Lmp-1"))
    assert (refusal.value.field, other.sku) == ("sku", "LMP-2")
    update_product(other, checked(sku="lmp-2"))
    assert other.sku == "lmp-2"


def test_a_sku_taken_in_another_case_at_the_same_moment_is_refused(app: Flask) -> None:
    with (
        another_user_adds(app, Product, sku="lmp-1", name="Theirs", price=Decimal(1)),
        pytest.raises(Refusal, match="This SKU is already in use") as refusal,
    ):
        create_product(checked())
    assert refusal.value.field == "sku"


def test_a_product_keeps_its_own_sku_when_it_is_changed() -> None:
    product = create_product(checked())
    update_product(product, checked(name="Beech Lamp"))
    assert (product.sku, product.name, product.version) == ("LMP-1", "Beech Lamp", 2)


def test_a_product_cannot_be_given_the_sku_of_another() -> None:
    a_product(sku="LMP-1")
    other = a_product(sku="LMP-2")
    with pytest.raises(Refusal, match="This SKU is already in use") as refusal:
        update_product(other, checked())
    assert (refusal.value.field, other.sku) == ("sku", "LMP-2")


def test_a_change_is_dated_by_the_clock(set_clock: SetClock) -> None:
    product = a_product(created_at=LONG_AGO, updated_at=LONG_AGO)
    set_clock(datetime(2026, 3, 1, tzinfo=UTC))
    update_product(product, {"sku": product.sku, "stock": 99})
    assert (product.created_at, product.updated_at) == (LONG_AGO, datetime(2026, 3, 1, tzinfo=UTC))


def test_products_are_deleted_together() -> None:
    *several, other = ids(products(4))
    assert trash_products(several) == 3
    assert list(db.session.scalars(select(Product.id))) == [other]


@pytest.mark.parametrize("status", ProductStatus)
def test_products_are_given_a_status_together(status: ProductStatus) -> None:
    *several, other = ids(products(3, status=next(each for each in ProductStatus if each is not status)))
    assert set_status(several, status) == 2
    found = select(Product.id).where(Product.status == status).order_by(Product.id)
    assert list(db.session.scalars(found)) == several
    assert db.session.scalar(select(Product.status).where(Product.id == other)) is not status


def test_the_name_of_a_category_is_taken() -> None:
    create_category("Lighting")
    with pytest.raises(Refusal, match="This name is already in use") as refusal:
        create_category("Lighting")
    assert refusal.value.field == "name"


@pytest.mark.parametrize("way", ["create", "rename"])
@pytest.mark.parametrize(("name", "other"), ALIKE)
def test_the_name_of_a_category_that_looks_like_another_is_refused(name: str, other: str, way: str) -> None:
    changing = create_category("Something else")
    create_category(name)
    change = create_category if way == "create" else partial(rename_category, changing)
    with pytest.raises(Refusal, match=f"“{name}” looks the same") as refusal:
        change(other)
    assert refusal.value.field == "name"
    assert set(db.session.scalars(select(Category.name))) == {"Something else", name}


@pytest.mark.parametrize(("name", "other"), UNLIKE)
def test_names_of_categories_that_look_different_are_accepted(name: str, other: str) -> None:
    create_category(name)
    assert create_category(other).name == other


def test_a_category_that_looks_like_another_already_keeps_its_name() -> None:
    a_category("Lighting")
    old = a_category("Lighting\u200b")
    rename_category(old, "Lighting\u200b")
    with pytest.raises(Refusal, match="“Lighting” looks the same"):
        rename_category(old, "lighting")
    assert old.name == "Lighting\u200b"


def test_a_category_may_change_the_case_of_its_own_name() -> None:
    category = create_category("lighting")
    rename_category(category, "Lighting")
    assert category.name == "Lighting"


def test_a_category_cannot_be_renamed_to_another() -> None:
    a_category("Lighting")
    chairs = a_category("Chairs")
    with pytest.raises(Refusal, match="This name is already in use") as refusal:
        rename_category(chairs, "Lighting")
    assert (refusal.value.field, chairs.name) == ("name", "Chairs")


def test_category_added_at_the_same_moment_is_refused(app: Flask) -> None:
    with (
        another_user_adds(app, Category, name="Lighting"),
        pytest.raises(Refusal, match="This name is already in use") as refusal,
    ):
        create_category("Lighting")
    assert refusal.value.field == "name"


@pytest.mark.parametrize(("held", "words"), [(1, "still holds 1 product."), (2, "still holds 2 products.")])
def test_a_category_that_holds_products_stays(held: int, words: str) -> None:
    category = a_category("Lighting")
    products(held, category=category)
    a_product(category=a_category("Chairs"))
    with pytest.raises(Refusal, match=f"“Lighting” {words}"):
        delete_categories([category])
    db.session.flush()
    assert set(db.session.scalars(select(Category.name))) == {"Lighting", "Chairs"}
    assert category.product_count == held


def test_one_category_that_holds_products_keeps_all_the_selected_ones() -> None:
    empty, full = a_category("Chairs"), a_category("Lighting")
    a_product(category=full)
    with pytest.raises(Refusal, match="“Lighting” still holds 1 product"):
        delete_categories([empty, full])
    db.session.flush()
    assert len(db.session.scalars(select(Category.id)).all()) == 2


def test_empty_categories_are_deleted_together() -> None:
    other = a_category("Chairs")
    assert delete_categories([a_category(), a_category()]) == 2
    assert list(db.session.scalars(select(Category.id))) == [other.id]


def test_a_category_knows_how_many_products_it_holds() -> None:
    category = a_category()
    products(3, category=category)
    a_product(category=a_category())
    a_product()
    assert category.product_count == 3


@pytest.mark.parametrize("record", [Product(name="Oak Lamp"), Category(name="Oak Lamp")])
def test_a_record_is_called_by_its_name(record: Product | Category) -> None:
    assert str(record) == "Oak Lamp"
