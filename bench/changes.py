"""Changes of our catalogue, as the console makes them; they run in the process of our console."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

from flask import Flask
from sqlalchemy import select

from bench.writes import INSERT, MANY, UPDATE
from dashboard.catalogue.flows import create_product, set_status, update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.database import begin_write
from dashboard.extensions import db

MANY_ROWS = 500


def seconds(app: Flask, kind: str, times: int, first: int) -> float:
    """What a change of `kind` takes on average with its commit, over `times` of them in a row.

    ``first`` numbers the first, so that no two are the same.
    """
    change: Callable[[int], object] = {INSERT: add, UPDATE: rename, MANY: move}[kind]
    taken = 0.0
    for number in range(first, first + times):
        with app.app_context():
            begun = perf_counter()
            begin_write(db.session)
            change(number)
            db.session.commit()
            taken += perf_counter() - begun
    return taken / times


def add(number: int) -> None:
    """Insert a product."""
    create_product(
        {
            "sku": f"NEW-{number:08}",
            "name": f"Folding Walnut Bench {number}",
            "description": "Seats three.",
            "price": Decimal("99.50"),
            "currency": "EUR",
            "stock": 3,
            "status": ProductStatus.DRAFT,
            "category_id": 1 + number % 10,
        }
    )


def rename(number: int) -> None:
    """Give a product another name, status and category."""
    product = db.session.get_one(Product, number)
    values = {
        "name": f"Renamed {product.name}",
        "status": ProductStatus.ARCHIVED,
        "category_id": 1 + product.category_id % 10,
    }
    update_product(product, values)


def move(number: int) -> None:
    """Give many products the status that they do not have, one after the other."""
    start = 5_000 + number % 8 * MANY_ROWS
    status = (ProductStatus.ACTIVE, ProductStatus.ARCHIVED)[number // 8 % 2]
    chosen = select(Product).where(Product.id.between(start, start + MANY_ROWS - 1))
    set_status([product.id for product in db.session.scalars(chosen)], status)
