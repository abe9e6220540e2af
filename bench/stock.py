"""The console that Flask-Admin gives out of the box, over the same products, open to everybody."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal

from flask import Flask
from flask_admin import Admin
from flask_admin.contrib.sqla import ModelView
from flask_admin.theme import Bootstrap4Theme
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, ForeignKey, Index, Numeric, String, Text, insert
from sqlalchemy.exc import SAWarning
from sqlalchemy.orm import Mapped, mapped_column, relationship

from bench.catalogue import CATEGORIES, SEARCHED, ProductRow
from bench.measure import Console
from bench.pages import PAGE_SIZE, last_page

db = SQLAlchemy()


class Category(db.Model):
    """A shelf of the catalogue."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)

    def __str__(self) -> str:
        return self.name


class Product(db.Model):
    """A product, with the columns and indexes that ours has."""

    __tablename__ = "products"
    __table_args__ = tuple(
        Index(f"ix_products_{column}_id", column, "id")
        for column in ("created_at", "name", "price", "stock", "status", "updated_at", "category_id")
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime)
    updated_at: Mapped[datetime] = mapped_column(DateTime)
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category | None] = relationship()


class ProductView(ModelView):
    """Flask-Admin's own list with the columns, search and filters that ours has."""

    page_size = PAGE_SIZE
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
    named_filter_urls = True


def build(database_url: str, products: Iterable[ProductRow]) -> Console:
    """Make the stock console over a new database that holds `products`."""
    # Stock keeps prices the way SQLAlchemy does by default on SQLite, which warns on every start.
    warnings.filterwarnings("ignore", "Dialect sqlite.*Decimal", SAWarning)
    app = Flask("stock", template_folder=None)  # else it would find our templates in the current folder
    app.config.update(SECRET_KEY="stock", SQLALCHEMY_DATABASE_URI=database_url)
    db.init_app(app)
    admin = Admin(app, name="Stock", theme=Bootstrap4Theme())
    admin.add_view(ProductView(Product, db, endpoint="products"))
    with app.app_context():
        return Console("stock", app, _paths(_fill(products)))


def _fill(products: Iterable[ProductRow]) -> int:
    db.create_all()
    rows = [asdict(row) for row in products]
    for row in rows:
        row["category_id"] = row.pop("category")
    db.session.execute(insert(Category), [{"name": name} for name in CATEGORIES])
    db.session.execute(insert(Product), rows)
    db.session.commit()
    return len(rows)


def _paths(count: int) -> dict[str, str]:
    sort_by_name = ProductView.column_list.index("name")
    return {
        "list": "/admin/products/",
        "last page": f"/admin/products/?page={last_page(count) - 1}",
        "sort by name": f"/admin/products/?sort={sort_by_name}&desc=1",
        "search": f"/admin/products/?search={SEARCHED}",
        "filter": "/admin/products/?flt0_status_equals=draft",
    }
