"""Products for the tests of paging."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Category, Product

DAY = datetime(2026, 3, 31, tzinfo=UTC)
# Their alphabetical order is neither that of their characters nor that of their keys.
SHELVES = ("z", "É", "a", "B")


def fill(session: Session, rows: list[dict[str, Any]]) -> list[int]:
    """Add rows in a transaction that is never committed, and return their keys."""
    session.rollback()
    moments = {"created_at": DAY, "updated_at": DAY}
    shelves = {name: key for key, name in enumerate(SHELVES, 1)}
    session.execute(insert(Category), [{"id": key, "name": name, **moments} for name, key in shelves.items()])
    products = [
        {
            "id": n,
            "sku": str(n),
            "category_id": shelves.get(row["shelf"]),
            **moments,
            **{k: v for k, v in row.items() if k != "shelf"},
        }
        for n, row in enumerate(rows, 1)
    ]
    if products:
        session.execute(insert(Product.__table__), products)
    return [product["id"] for product in products]
