"""SQLAdmin in a Starlette application, open to everyone."""

from __future__ import annotations

import warnings
from typing import Any, ClassVar

from sqladmin import Admin, ModelView
from sqladmin.filters import ForeignKeyFilter, OperationColumnFilter, StaticValuesFilter
from sqlalchemy import create_engine
from sqlalchemy.exc import SAWarning
from starlette.applications import Starlette

from bench.catalogue import COMMON_WORD, NO_WORD, RARE_STATUS, STATUSES, ordinary_sku
from bench.console import Console, asgi
from bench.pages import COMMON, FILTER, LAST, LIST, MIDDLE, NOTHING, ONE, PAGE_SIZE, SORT, Paths, page_count
from bench.peers.tables import Category, Product


class ProductAdmin(ModelView, model=Product):
    """SQLAdmin's own list with the columns, search and filters that ours has."""

    page_size = PAGE_SIZE
    page_size_options: ClassVar[list[int]] = [10, 25, 50, 100]
    column_list: ClassVar[list[Any]] = [
        Product.name,
        Product.sku,
        Product.category,
        Product.price,
        Product.stock,
        Product.status,
        Product.created_at,
    ]
    column_searchable_list: ClassVar[list[Any]] = [Product.name, Product.sku]
    column_sortable_list: ClassVar[list[Any]] = [
        Product.name,
        Product.sku,
        Product.price,
        Product.stock,
        Product.status,
        Product.created_at,
    ]
    column_default_sort = (Product.created_at, True)
    column_filters: ClassVar[list[Any]] = [
        StaticValuesFilter(Product.status, [(name, name.capitalize()) for name in dict.fromkeys(STATUSES)]),
        ForeignKeyFilter(Product.category_id, Category.name, title="Category"),
        OperationColumnFilter(Product.stock),
        OperationColumnFilter(Product.price),
    ]


def build(database_url: str, count: int) -> Console:
    """Make the console over the `count` products of a database."""
    warnings.filterwarnings("ignore", "Dialect sqlite.*Decimal", SAWarning)
    application = Starlette()
    Admin(application, create_engine(database_url)).add_view(ProductAdmin)
    return asgi(application, paths(count))


def paths(count: int) -> Paths:
    """The addresses of the operations."""
    start, by_name = "/admin/product/list", "sortBy=name&sort=asc"
    return {
        LIST: start,
        LAST: f"{start}?page={page_count(count)}",
        SORT: f"{start}?{by_name}",
        MIDDLE: f"{start}?{by_name}&page={page_count(count) // 2}",
        COMMON: f"{start}?search={COMMON_WORD}",
        ONE: f"{start}?search={ordinary_sku(count)}",
        NOTHING: f"{start}?search={NO_WORD}",
        FILTER: f"{start}?status={RARE_STATUS}",
    }
