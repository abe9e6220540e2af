"""Products and categories, as rows."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, Enum, ForeignKey, Index, String, Text, func, select, text
from sqlalchemy.orm import Mapped, column_property, mapped_column, relationship

from dashboard import clock
from dashboard.catalogue.tallies import keep_tallies
from dashboard.database.types import Money, UTCDateTime
from dashboard.extensions import db
from dashboard.files.lists import Attached, ImageList, Images
from dashboard.registry import recorded
from dashboard.search.following import follows, keep_following
from dashboard.search.keys import UNIQUE_LENGTH, SortKey, amount_key, sort_key, unique_sort_key
from dashboard.search.schema import keep_trigrams
from dashboard.search.text import searchable

SKU_LENGTH = 40
NAME_LENGTH = 200
CATEGORY_LENGTH = 80
CURRENCY_LENGTH = 3
PHOTOS = Images("photos")
"""The pictures of a product."""


class ProductStatus(StrEnum):
    """Where a product is in its life."""

    DRAFT = "draft"
    ACTIVE = "active"
    ARCHIVED = "archived"


STATUS = Enum(
    ProductStatus,
    name="status",
    native_enum=False,
    create_constraint=True,
    values_callable=lambda statuses: [*statuses],
)


@recorded(name="Name", created_at="Created")
class Category(db.Model):  # type: ignore[name-defined, misc]
    """A shelf of the catalogue."""

    __tablename__ = "categories"
    __table_args__ = (
        # Unique, or SQLite would sort products by category with a temporary table.
        Index("ix_categories_name_key", "name_key", unique=True),
        {"sqlite_autoincrement": True},  # a number in the history is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(CATEGORY_LENGTH), unique=True)
    name_key: Mapped[str] = follows(SortKey(UNIQUE_LENGTH), unique_sort_key, "name")
    search_text: Mapped[str] = follows(Text(), searchable, "name")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
    version: Mapped[int] = mapped_column(default=1)

    if TYPE_CHECKING:
        product_count: Mapped[int]
        """How many products it holds; read only where asked for. Mapped below, after `ProductTally`."""

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    def __str__(self) -> str:
        return self.name


def _no_twin(_sku: str) -> None:
    """Return the ``sku_twin`` of a SKU that is written now: NULL, because a twin would have been refused."""


@recorded(
    name="Name",
    sku="SKU",
    description="Description",
    price="Price",
    currency="Currency",
    stock="Stock",
    status="Status",
    category_id="Category",
    photos="Photos",
    created_at="Created",
)
class Product(db.Model):  # type: ignore[name-defined, misc]
    """Something to sell. ``price`` is exact and in ``currency``; ``version`` rises with every change."""

    __tablename__ = "products"
    __table_args__ = (
        CheckConstraint("price >= 0", name="price_not_negative"),
        CheckConstraint("stock >= 0", name="stock_not_negative"),
        # Most people open the newest of some statuses: the others are passed over in the index alone.
        Index("ix_products_created_at_id_status", "created_at", "id", "status"),
        Index("ix_products_name_key_id", "name_key", "id"),
        Index("ix_products_price_id", "price", "id"),
        Index("ix_products_price_key_id", "price_key", "id"),
        Index("ix_products_stock_id_status", "stock", "id", "status"),  # tells what is low on stock by itself
        # Those of one status have this order by themselves, for they may be the oldest of all.
        Index("ix_products_status_created_at_id", "status", "created_at", "id"),
        Index("ix_products_status_id", "status", "id"),
        Index("ix_products_updated_at_id", "updated_at", "id"),
        Index("ix_products_category_id_id", "category_id", "id"),
        Index("ix_products_sku_key", "sku_key", unique=True),
        Index(
            "ix_products_sku_twin",
            "sku_twin",
            sqlite_where=text("sku_twin IS NOT NULL"),
            postgresql_where=text("sku_twin IS NOT NULL"),
        ),
        {"sqlite_autoincrement": True},  # a number in the history is never given again
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    # A sentinel lets many objects be added in one statement, which SQLite's full-text table needs: it writes
    # its part of the index again for each.
    sku: Mapped[str] = mapped_column(String(SKU_LENGTH), unique=True, insert_sentinel=True)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    description: Mapped[str] = mapped_column(Text, default="")
    price: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(CURRENCY_LENGTH), default="EUR")
    stock: Mapped[int] = mapped_column(default=0)
    status: Mapped[ProductStatus] = mapped_column(STATUS, default=ProductStatus.DRAFT)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id", ondelete="RESTRICT"))
    photos: Mapped[Attached | None] = mapped_column(ImageList)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now)
    updated_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, onupdate=clock.now)
    version: Mapped[int] = mapped_column(default=1)
    name_key: Mapped[str] = follows(SortKey(), sort_key, "name")
    sku_key: Mapped[str] = follows(SortKey(), sort_key, "sku")
    price_key: Mapped[str] = follows(SortKey(), amount_key, "currency", "price")
    # Where two SKUs older than the rule differ only in case: the sort key of the older one. The `sku_key` of
    # the newer one then ends with its SKU, for sort keys are unique.
    sku_twin: Mapped[str | None] = follows(SortKey(), _no_twin, "sku", nullable=True)
    search_text: Mapped[str] = follows(Text(), searchable, "sku", "name")

    category: Mapped[Category | None] = relationship()
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own idiom

    def __str__(self) -> str:
        return self.name


class ProductTally(db.Model):  # type: ignore[name-defined, misc]
    """A number of products with one status in one category, 0 for none; only the database writes it."""

    __tablename__ = "product_tallies"
    __table_args__ = (Index("ix_product_tallies_status_category_id", "status", "category_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    status: Mapped[ProductStatus] = mapped_column(STATUS)
    category_id: Mapped[int]
    products: Mapped[int]


Category.product_count = column_property(
    select(func.coalesce(func.sum(ProductTally.products), 0))
    .where(ProductTally.category_id == Category.id)
    .correlate_except(ProductTally)
    .scalar_subquery(),
    deferred=True,
)
keep_tallies(Product.__table__)
keep_trigrams(Product.__table__, "product_search", key="id", text="search_text")
keep_following(Category)
keep_following(Product)
