"""The files that are imported: products that no catalogue has yet, and changes of them."""

from __future__ import annotations

import csv
from pathlib import Path

from bench.catalogue import CATEGORIES, products

COLUMNS = ("sku", "name", "description", "price", "currency", "stock", "status")
CATEGORY, CATEGORY_ID = "category", "category_id"
NAMES = dict(enumerate(CATEGORIES, 1))


def write(
    path: Path, count: int, *, series: str = "A", changed: bool = False, numbered: bool = False
) -> Path:
    """Write `count` products of a series, or changes of their prices and stocks; returns the path.

    Other consoles find categories, and the products to change, by their number: that is ``numbered``.
    """
    with path.open("w", newline="") as file:
        lines = csv.writer(file)
        key = ("id",) if numbered and changed else ()
        lines.writerow((*key, *COLUMNS, CATEGORY_ID if numbered else CATEGORY))
        for row in products(count):
            price, stock = (row.price + 1, row.stock + 7) if changed else (row.price, row.stock)
            values = (sku(series, row.id), row.name, row.description, price, row.currency, stock, row.status)
            category = row.category_id if numbered else NAMES[row.category_id]
            lines.writerow((*((row.id,) if key else ()), *values, category))
    return path


def sku(series: str, number: int) -> str:
    """The SKU of an imported product, which no other has."""
    return f"IMPORT-{series}-{number:08}"
