"""Products and categories, in an application context."""

from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import select

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.trash import PRODUCTS, trash_products
from dashboard.extensions import db
from dashboard.trash.models import Trashed

_numbers = count(1)

PRODUCT_FORM = {"price": "1", "currency": "EUR", "stock": "1", "status": "draft", "category": ""}
"""The fields of a product's form other than name and SKU."""


def a_category(name: str = "", **fields: Any) -> Category:
    """A new category."""
    category = Category(name=name or f"Category {next(_numbers)}", **fields)
    db.session.add(category)
    db.session.flush()
    return category


def a_product(name: str = "", **fields: Any) -> Product:
    """A new product: active, 12.50 EUR, 7 in stock, unless `fields` say otherwise."""
    number = next(_numbers)
    usual = {"sku": f"SKU-{number}", "price": Decimal("12.50"), "stock": 7, "status": ProductStatus.ACTIVE}
    product = Product(name=name or f"Product {number}", **{**usual, **fields})
    db.session.add(product)
    db.session.flush()
    return product


def in_trash(name: str = "", **fields: Any) -> Trashed:
    """A deleted product; its number in the trash differs from its own number."""
    key = a_product(name, **fields).id
    trash_products([key])
    trashed = find_trashed(key)
    trashed.id += 1000
    db.session.flush()
    return trashed


def find_trashed(key: int) -> Trashed:
    """The row of the trash for the last deletion of the product that had this id."""
    its = (Trashed.kind == PRODUCTS.kind, Trashed.record_key == str(key))
    return db.session.scalars(select(Trashed).where(*its).order_by(Trashed.id.desc()).limit(1)).one()


def products(number: int, **fields: Any) -> list[Product]:
    """Several new products that differ in name and SKU only."""
    return [a_product(**fields) for _ in range(number)]
