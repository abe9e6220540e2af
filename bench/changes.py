"""Changes of our catalogue, as the console makes them; they run in the process of our console."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from time import perf_counter

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, select

from bench.ours import session_cookie
from bench.writes import EDIT, INSERT, MANY, UPDATE
from dashboard.admin.kit.forms import STATE_FIELD
from dashboard.catalogue.flows import create_product, set_status, update_product
from dashboard.catalogue.models import Product, ProductStatus
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.recording import LISTENERS

MANY_ROWS = 500
TOKEN = re.compile(rf'name="(csrf_token|{STATE_FIELD})"[^>]*value="([^"]+)"')
SAVED = 303


def seconds(app: Flask, kind: str, times: int, first: int) -> float:
    """Return the mean time of a change of `kind` with its commit, over `times` in a row.

    ``first`` numbers the first, so that no two are the same.
    """
    if kind == EDIT:
        client = logged_in(app)
        return sum(edit(app, client, number) for number in range(first, first + times)) / times
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


def logged_in(app: Flask) -> FlaskClient:
    """A browser with an owner logged in."""
    with app.app_context():
        name, _, value = session_cookie(app).partition("=")
    client = app.test_client()
    client.set_cookie(name, value)
    return client


def edit(app: Flask, client: FlaskClient, number: int) -> float:
    """Change the price of a product by its form, as a browser sends it; the seconds of saving it."""
    address = f"/admin/products/edit/?id={number}"
    form = {**form_of(app, number), "price": str(number % 900 + 1)}
    form |= dict(TOKEN.findall(client.get(address).text))
    begun = perf_counter()
    answer = client.post(address, data=form)
    taken = perf_counter() - begun
    if answer.status_code != SAVED:
        raise RuntimeError(f"the edit of product {number} was answered by {answer.status_code}")
    return taken


def form_of(app: Flask, number: int) -> dict[str, str]:
    """A product as its form holds it."""
    with app.app_context():
        product = db.session.get_one(Product, number)
        names = ("name", "sku", "description", "currency", "stock", "status")
        values = {name: str(getattr(product, name)) for name in names}
        return {**values, "category": str(product.category_id or "")}


def forget() -> None:
    """Write no history from now on."""
    for moment, listener in LISTENERS:
        event.remove(db.session, moment, listener)


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
