"""The catalogue, arranged and read in the database without the browser."""

import unicodedata
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select

from dashboard.catalogue.models import Category, Product
from dashboard.history.recording import PAST_LEDGER
from dashboard.testing.catalogue import a_category, a_product
from dashboard.trash.models import Trashed
from e2e.server import Console


def add_product(server: Console, name: str, **fields: Any) -> int:
    """Add a product with defaults for the other fields, and return its id."""
    defaults = {"sku": f"ADD-{name.encode()[:16].hex()}", "price": Decimal("10.00"), "stock": 0}
    with server.database():
        return a_product(unicodedata.normalize("NFC", name), **{**defaults, **fields}).id


def add_category(server: Console, name: str) -> int:
    """Add a category without products, and return its id."""
    with server.database():
        return a_category(name).id


def product_id(server: Console, name: str) -> int:
    """Return the id of the product with this name."""
    with server.database() as session:
        return session.scalars(select(Product.id).where(Product.name == name)).one()


def trashed_id(server: Console, name: str) -> int:
    """Return the id in the trash of the record with this name."""
    with server.database() as session:
        return session.scalars(select(Trashed.id).where(Trashed.title == name)).one()


def category_id(server: Console, name: str) -> int:
    """Return the id of the category with this name."""
    with server.database() as session:
        return session.scalars(select(Category.id).where(Category.name == name)).one()


def products(server: Console) -> list[dict[str, Any]]:
    """Return every product with its fields, in the order in which they were added."""
    with server.database() as session:
        rows = session.scalars(select(Product).order_by(Product.id)).all()
        return [{"category": str(row.category or ""), **_fields(row)} for row in rows]


def _fields(product: Product) -> dict[str, Any]:
    return {column.key: getattr(product, column.key) for column in Product.__mapper__.column_attrs}


def empty(server: Console) -> None:
    """Delete all products and categories, past the history."""
    with server.database() as session:
        for model in (Product, Category):
            session.execute(delete(model), execution_options=PAST_LEDGER)
