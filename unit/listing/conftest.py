"""A list to try the engine on: products, with every kind of column and filter."""

from dataclasses import replace
from decimal import Decimal

import pytest
from sqlalchemy import func, insert
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Category, Product, ProductStatus, ProductTally
from dashboard.catalogue.tallies import NO_CATEGORY_ID
from dashboard.listing.columns import Column, Kind
from dashboard.listing.filters import OneOf, Option
from dashboard.listing.ranges import Bounds, Dates
from dashboard.listing.state import Listing
from dashboard.listing.tally import Tally
from dashboard.listing.tuning import USUAL, Tuning
from dashboard.search.index import TrigramIndex
from unit.listing.engine import DAY, ROWS

STATUSES = [ProductStatus.ACTIVE] * 8 + [ProductStatus.ARCHIVED] + [ProductStatus.DRAFT]
STATUS_OPTIONS = [Option(status.value, status.capitalize(), status) for status in ProductStatus]


@pytest.fixture(scope="session")
def listing() -> Listing:
    """Products by name, with a column that cannot be sorted and one that may be empty."""
    return Listing(
        key=Product.id,
        title=Product.name,
        sort="name",
        search=TrigramIndex(Product.id, Product.search_text, "product_search", exact=Product.sku_key),
        joins=(Product.category,),
        columns=(
            Column("name", "Name", (Product.name,), sorted_by=Product.name_key),
            Column("sku", "SKU", (Product.sku,), sortable=False),
            Column("category", "Category", (Category.name,), sorted_by=Category.name_key),
            Column(
                "price", "Price", (Product.price, Product.currency), Kind.MONEY, lambda p, c: f"{p:f} {c}"
            ),
            Column("stock", "Stock", (Product.stock,), Kind.NUMBER),
            Column("status", "Status", (Product.status,)),
            Column("created", "Created", (Product.created_at,), Kind.DATE),
        ),
        facets=(
            OneOf("status", "Status", lambda: STATUS_OPTIONS, Product.status),
            Bounds("price", "Price", Product.price),
            Dates("created", "Created", Product.created_at),
        ),
        export=(
            Column("name", "Name", (Product.name,)),
            Column("category", "Category", (Category.name,)),
            Column("stock", "Stock", (Product.stock,)),
            Column("price", "Price", (Product.price, Product.currency), plain=lambda p, c: f"{p:.2f}"),
            Column("created_at", "Created", (Product.created_at,)),
        ),
    )


@pytest.fixture
def tuning() -> Tuning:
    """The numbers of the engine; a test that is marked with others gets those instead."""
    return USUAL


@pytest.fixture
def tallied(listing: Listing, tuning: Tuning) -> Listing:
    """The list with a filter by category, and with the counts that the database keeps."""
    categories = [Option("1", "Light", 1), Option("none", "No category", None)]
    kept = {
        "status": ProductTally.status.expression,
        "category": func.nullif(ProductTally.category_id, NO_CATEGORY_ID),
    }
    facets = (*listing.facets, OneOf("category", "Category", lambda: categories, Product.category_id))
    return replace(listing, facets=facets, tally=Tally(kept, ProductTally.products), tuning=tuning)


@pytest.fixture
def stock(session: Session) -> Session:
    """600 products: a tenth drafts, a tenth archived; a third in the category; every other one a lamp."""
    session.execute(insert(Category), [{"id": 1, "name": "Light"}])
    rows = [
        {
            "id": n + 1,
            "sku": f"SKU-{n:04}",
            "name": f"{'Lamp' if n % 2 else 'Chair'} {n * 7919 % ROWS:04}",
            "price": Decimal(n),
            "stock": n % 7,
            "status": STATUSES[n % 10],
            "category_id": None if n % 3 else 1,
            "created_at": DAY,
            "updated_at": DAY,
        }
        for n in range(ROWS)
    ]
    session.execute(insert(Product), rows)
    return session
