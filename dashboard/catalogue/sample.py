"""The sample catalogue: 200 products to look around with."""

from __future__ import annotations

import csv
from datetime import timedelta
from pathlib import Path
from zlib import crc32

from sqlalchemy import select

from dashboard import clock
from dashboard.catalogue.models import Category, Product
from dashboard.catalogue.rules import check_product
from dashboard.extensions import db
from dashboard.search.lookalike import looks

FILE = Path(__file__).parent / "sample.csv"
PERIOD = timedelta(weeks=8)  # over which the products look added, more and more of them lately


def load_sample() -> int:
    """Add the sample products and their categories where the catalogue is empty; returns how many."""
    if db.session.scalar(select(Product.id).limit(1)) is not None:
        return 0
    with FILE.open(encoding="utf-8", newline="") as file:
        # The file is sorted by category; a catalogue grows all over the place.
        rows = sorted(csv.DictReader(file), key=lambda row: crc32(row["sku"].encode()))
    categories = {looks(c.name): c for c in db.session.scalars(select(Category))}
    for name in dict.fromkeys(row["category"] for row in rows):
        categories.setdefault(looks(name), Category(name=name))
    now = clock.now()
    for age, row in enumerate(rows):
        category = categories[looks(row.pop("category"))]
        added = now - PERIOD * (1 - ((age + 1) / len(rows)) ** 0.7)
        db.session.add(
            Product(**check_product(row).values, category=category, created_at=added, updated_at=added)
        )
    db.session.flush()
    return len(rows)
