"""A list to try the engine on: products, with every kind of column and filter."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.orm import Session

from dashboard.catalogue.models import Category, Product, ProductStatus
from dashboard.database.engine import configure_engine
from dashboard.listing.columns import Column, Kind
from dashboard.listing.filters import Bounds, Dates, OneOf, Option
from dashboard.listing.state import Listing
from dashboard.search.index import TrigramIndex

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


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A database in memory, with the product's tables and SQLite's settings."""
    engine = create_engine("sqlite://")
    configure_engine(engine)
    Product.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture(scope="session")
def shared_session(engine: Engine) -> Iterator[Session]:
    """One session for the many examples of a property test, each of which brings its own rows."""
    with Session(engine) as session:
        yield session


@pytest.fixture
def session(shared_session: Session) -> Session:
    """The same over empty tables."""
    shared_session.rollback()
    return shared_session
