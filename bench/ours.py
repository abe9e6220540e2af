"""Our console over the same products, asked by a signed-in owner."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from flask import Flask
from sqlalchemy import insert

from bench.catalogue import CATEGORIES, SEARCHED, ProductRow
from bench.measure import Console
from bench.pages import PAGE_SIZE, last_page
from dashboard import database
from dashboard.accounts.flows import create_account
from dashboard.accounts.sessions import start_session
from dashboard.app import create_app
from dashboard.catalogue.models import Category, Product
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Role

COMPRESSED = {"Accept-Encoding": "gzip"}


def build(database_url: str, products: Iterable[ProductRow], instance: Path) -> list[Console]:
    """Make our console over a new database that holds `products`: plain, and as browsers ask, compressed."""
    database.upgrade(database_url)
    app = create_app(Settings(secret_key=secrets.token_hex(32), database_url=database_url, instance=instance))
    with app.app_context():
        paths = _paths(_fill(products))
        signed_in = {"Cookie": _session_cookie(app)}
    return [
        Console("ours", app, paths, signed_in),
        Console("ours, gzip", app, paths, {**signed_in, **COMPRESSED}),
    ]


def _fill(products: Iterable[ProductRow]) -> int:
    rows = [asdict(row) for row in products]
    for row in rows:
        row["category_id"] = row.pop("category")
    db.session.execute(insert(Category), [{"name": name} for name in CATEGORIES])
    db.session.execute(insert(Product), rows)
    db.session.commit()
    return len(rows)


def _session_cookie(app: Flask) -> str:
    owner = create_account("owner@example.org", secrets.token_hex(16), role=Role.OWNER)
    token = start_session(owner, address="127.0.0.1", user_agent="bench")
    db.session.commit()
    signer = app.session_interface.get_signing_serializer(app)
    return f"{app.config['SESSION_COOKIE_NAME']}={signer.dumps({'_user_id': token})}"


def _paths(count: int) -> dict[str, str]:
    start = f"/admin/products/?size={PAGE_SIZE}"
    return {
        "list": start,
        "last page": f"{start}&page={last_page(count)}",
        "sort by name": f"{start}&sort=-name",
        "search": f"{start}&q={SEARCHED}",
        "filter": f"{start}&status=draft",
    }
