"""Flows of products and categories. A flow changes and flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.lookalikes import CategoryLooks
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.skus import taken_by_others
from dashboard.database.errors import is_duplicate
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.registry import Values
from dashboard.text.shortening import quoted
from dashboard.words import counted

CATEGORY_FILLED = (
    "A product was just moved to one of these categories. Nothing was deleted. Review them and try again."
)
SKU_TAKEN = "This SKU is already in use."
NAME_TAKEN = "This name is already in use."
CATEGORY_GONE = "This category no longer exists. Choose another."


def create_product(values: Mapping[str, Any]) -> Product:
    """Add a product from checked `values`; raises Refusal where the SKU is taken."""
    _refuse_taken_sku(values["sku"])
    product = Product(**values)
    _flush(product, SKU_TAKEN, "sku")
    return product


def update_product(product: Product, values: Mapping[str, Any]) -> None:
    """Change a product to checked `values`; raises Refusal where the SKU is taken."""
    if values.get("sku", product.sku) != product.sku:
        _refuse_taken_sku(values["sku"], but=product.id)
    for name, value in values.items():
        setattr(product, name, value)
    _flush(product, SKU_TAKEN, "sku")


def set_status(keys: Sequence[int], status: ProductStatus) -> int:
    """Give the products with these ids a status; returns how many. Those that have it already do not change.

    Products in memory keep the old one until they are read again.
    """
    return change_products(keys, lambda _: {"status": status})


def edit_products(keys: Sequence[int], change: Callable[[Values], Values]) -> int:
    """Change products together, each as `change` says, and return how many there are.

    Raises Refusal where the category that they move to no longer exists.
    """
    try:
        return change_products(keys, change)
    except IntegrityError as error:
        raise Refusal(CATEGORY_GONE, "category") from error


def create_category(name: str) -> Category:
    """Add a category; raises Refusal where another one looks the same."""
    refuse_category_like(name)
    category = Category(name=name)
    _flush(category, NAME_TAKEN, "name")
    return category


def rename_category(category: Category, name: str) -> None:
    """Rename a category; raises Refusal where another one looks the same."""
    if name != category.name:
        refuse_category_like(name, but=category.id)
    category.name = name
    _flush(category, NAME_TAKEN, "name")


def delete_categories(categories: Sequence[Category]) -> int:
    """Delete empty categories; raises Refusal, without deleting any, where one still has products."""
    _refuse_filled([category.id for category in categories])
    for category in categories:
        db.session.delete(category)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise Refusal(CATEGORY_FILLED) from error
    return len(categories)


def _refuse_filled(keys: Sequence[int]) -> None:
    held = (
        select(Category.name, func.count())
        .join(Product)
        .group_by(Category.name, Category.name_key)
        .order_by(Category.name_key)
    )
    if full := db.session.execute(held.where(Category.id.in_(keys))).first():
        name, number = full
        raise Refusal(f"{quoted(name)} still holds {counted(number, 'product')}. Move or delete them first.")


def refuse_category_like(name: str, but: int = 0) -> None:
    """Raise Refusal where a category other than the one with the id `but` looks like `name`."""
    other = CategoryLooks(but).like(name)
    if other == name:
        raise Refusal(NAME_TAKEN, "name")
    if other is not None:
        raise Refusal(f"The name of the category {quoted(other)} looks the same. Choose another.", "name")


def _refuse_taken_sku(sku: str, but: int = 0) -> None:
    others = taken_by_others([sku], [but])
    if sku in others:
        raise Refusal(SKU_TAKEN, "sku")
    if others:
        raise Refusal(f"Another product has the SKU {others[0]}, which differs in case only.", "sku")


def _flush(row: Product | Category, taken: str, field: str) -> None:
    """Write `row`; raises Refusal with the words `taken` where a race took its key."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_duplicate(error):
            raise Refusal(taken, field) from error
        raise Refusal(CATEGORY_GONE, "category") from error
