"""The console that Flask-Admin gives out of the box, open to everyone."""

from __future__ import annotations

import warnings

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.theme import Bootstrap4Theme
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy.exc import SAWarning

from bench.catalogue import COMMON_WORD, NO_WORD, RARE_STATUS, ordinary_sku
from bench.console import Console, wsgi
from bench.pages import COMMON, FILTER, LAST, LIST, MIDDLE, NOTHING, ONE, PAGE_SIZE, SORT, Paths, page_count
from bench.peers.tables import Product

MOST_EXPORTED = 100_000
"""Stock keeps every row in memory before it writes the first."""


class ProductView(ModelView):
    """Flask-Admin's own list with the columns, search and filters that ours has."""

    page_size = PAGE_SIZE
    can_export = True
    export_max_rows = MOST_EXPORTED
    column_list = ("name", "sku", "category", "price", "stock", "status", "created_at")
    column_sortable_list = (
        "name",
        "sku",
        ("category", "category.name"),
        "price",
        "stock",
        "status",
        "created_at",
    )
    column_default_sort = ("created_at", True)
    column_searchable_list = ("name", "sku")
    column_filters = ("status", "category.name", "stock", "price", "created_at")
    column_export_list = (
        "sku", "name", "description", "price", "currency", "stock", "status", "category",
        "created_at", "updated_at", "version",
    )  # fmt: skip
    named_filter_urls = True


def build(database_url: str, count: int) -> Console:
    """Make the console over the `count` products of a database."""
    # Stock keeps prices the way SQLAlchemy does by default on SQLite, which warns on every start.
    warnings.filterwarnings("ignore", "Dialect sqlite.*Decimal", SAWarning)
    db = SQLAlchemy()
    app = Flask("stock", template_folder=None)  # else it would find our templates in the current folder
    app.config.update(SECRET_KEY="stock", SQLALCHEMY_DATABASE_URI=database_url)
    db.init_app(app)
    admin = Admin(app, name="Stock", theme=Bootstrap4Theme())
    admin.add_view(ProductView(Product, db.session, endpoint="products"))
    return wsgi(app, paths(count), export="/admin/products/export/csv/")


def paths(count: int) -> Paths:
    """The addresses of the operations; pages are counted from 0."""
    start, by_name = "/admin/products/", f"sort={ProductView.column_list.index('name')}"
    return {
        LIST: start,
        LAST: f"{start}?page={page_count(count) - 1}",
        SORT: f"{start}?{by_name}",
        MIDDLE: f"{start}?{by_name}&page={page_count(count) // 2 - 1}",
        COMMON: f"{start}?search={COMMON_WORD}",
        ONE: f"{start}?search={ordinary_sku(count)}",
        NOTHING: f"{start}?search={NO_WORD}",
        FILTER: f"{start}?flt0_status_equals={RARE_STATUS}",
    }
