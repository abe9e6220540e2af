"""Flows of products and categories. A flow changes and flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.lookalikes import NAME_TAKEN, CategoryLooks
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.catalogue.skus import SKU_TAKEN, taken_by_others, taken_fault
from dashboard.database.errors import is_duplicate
from dashboard.extensions import db
from dashboard.history.writing import create_rows
from dashboard.refusal import Refusal
from dashboard.registry import Values, registry
from dashboard.text.shortening import quoted
from dashboard.words import counted

CATEGORY_FILLED = (
    "A product was just moved to one of these categories. Nothing was deleted. Review them and try again."
)
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
    """Give the products with these ids a status; returns how many had another one: only they change.

    Products in memory keep the old one until they are read again.
    """
    had: list[ProductStatus] = []

    def change(row: Values) -> Values:
        had.append(row["status"])
        return {"status": status}

    change_products(keys, change)
    return sum(each != status for each in had)


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


def create_categories(names: Sequence[str]) -> Sequence[int]:
    """Add categories together and return their ids; raises Refusal where one looks like another."""
    if not names:
        return []
    looks = CategoryLooks()
    for name in names:
        if fault := looks.fault(name):
            raise Refusal(fault, "name")
        looks.add(name)
    try:
        return create_rows(db.session, registry().of(Category), [{"name": name} for name in names])
    except IntegrityError as error:
        raise Refusal(NAME_TAKEN, "name") from error


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
    if fault := CategoryLooks(but).fault(name):
        raise Refusal(fault, "name")


def _refuse_taken_sku(sku: str, but: int = 0) -> None:
    if fault := taken_fault(sku, taken_by_others([sku], [but])):
        raise Refusal(fault, "sku")


def _flush(row: Product | Category, taken: str, field: str) -> None:
    """Write `row`; raises Refusal with the words `taken` where a race took its key."""
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_duplicate(error):
            raise Refusal(taken, field) from error
        raise Refusal(CATEGORY_GONE, "category") from error
