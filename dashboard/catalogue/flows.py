"""What can be done to products and categories. Flows change and flush; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from dashboard.catalogue.bulk import change_products
from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.database import is_duplicate, serialise
from dashboard.extensions import db
from dashboard.history.recorded import Values
from dashboard.shortening import shortened

CATEGORY_FILLED = "A product was just moved to one of these categories. Nothing was deleted; look again."
CATEGORY_GONE = "The category was deleted meanwhile. Choose another."


class CatalogueError(Exception):
    """Something that cannot be done; the text says why, and ``field`` where, if at one field."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


def create_product(values: Mapping[str, Any]) -> Product:
    """Add a product from checked `values`; raises CatalogueError where the SKU is taken."""
    product = Product(**values)
    _save_product(product, values["sku"])
    return product


def update_product(product: Product, values: Mapping[str, Any]) -> None:
    """Change a product to checked `values`; raises CatalogueError where the SKU is taken."""
    for name, value in values.items():
        setattr(product, name, value)
    _save_product(product, product.sku)


def set_status(keys: Sequence[int], status: ProductStatus) -> int:
    """Give the products with these ids a status; returns how many. Those that have it already do not change.

    Products in memory keep the old one until they are read again.
    """
    return change_products(keys, lambda _: {"status": status})


def edit_products(keys: Sequence[int], change: Callable[[Values], Values]) -> int:
    """Change products together, each as `change` says, and return how many there are.

    Raises CatalogueError where the category that they move to was deleted meanwhile.
    """
    try:
        return change_products(keys, change)
    except IntegrityError as error:
        raise CatalogueError(CATEGORY_GONE, "category") from error


def create_category(name: str) -> Category:
    """Add a category; raises CatalogueError where the name is taken."""
    category = Category(name=name)
    _save_category(category, name)
    return category


def rename_category(category: Category, name: str) -> None:
    """Rename a category; raises CatalogueError where the name is taken."""
    category.name = name
    _save_category(category, name)


def delete_categories(categories: Sequence[Category]) -> int:
    """Delete empty categories; raises CatalogueError, deleting none, where one still holds products."""
    held = select(Category.name, func.count()).join(Product).group_by(Category.name).order_by(Category.name)
    full = db.session.execute(held.where(Category.id.in_([category.id for category in categories]))).first()
    if full:
        name, number = full
        noun = "product" if number == 1 else "products"
        raise CatalogueError(f"“{shortened(name)}” still holds {number:,} {noun}. Move or delete them first.")
    for category in categories:
        db.session.delete(category)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise CatalogueError(CATEGORY_FILLED) from error
    return len(categories)


def _save_product(product: Product, sku: str) -> None:
    taken = select(Product.id).where(Product.sku == sku, Product.id != (product.id or 0))
    _flush_unique(product, taken, CatalogueError("Another product has this SKU already.", "sku"))


def category_name_is_taken(name: str) -> bool:
    """Whether there is a category of this name, whatever the case; nobody else makes one until this ends."""
    return db.session.scalar(_of_name(name, but=0)) is not None


def _of_name(name: str, but: int) -> Select[int]:
    serialise(db.session, "category names")  # unique whatever the case, which the constraint does not know
    return select(Category.id).where(func.lower(Category.name) == name.lower(), Category.id != but)


def _save_category(category: Category, name: str) -> None:
    taken = _of_name(name, but=category.id or 0)
    _flush_unique(category, taken, CatalogueError("Another category has this name already.", "name"))


def _flush_unique(row: Product | Category, taken: Select[int], duplicate: CatalogueError) -> None:
    """Write `row` unless `taken` finds its key in use; the database has the last word in a race."""
    with db.session.no_autoflush:
        if db.session.scalar(taken) is not None:
            raise duplicate
    db.session.add(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_duplicate(error):
            raise duplicate from error
        raise CatalogueError(CATEGORY_GONE, "category") from error
