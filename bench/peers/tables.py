"""The catalogue of the other consoles: the columns and plain indexes that ours has, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from sqlalchemy import DateTime, ForeignKey, Index, Numeric, String, Text, create_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from bench.loading import load

INDEXED = ("created_at", "name", "price", "stock", "status", "updated_at", "category_id")


def now() -> datetime:
    """The moment at which a row is written."""
    return datetime.now(UTC)


class Base(DeclarativeBase):
    """The base of both models."""


class Category(Base):
    """A shelf of the catalogue."""

    __tablename__ = "categories"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)

    def __str__(self) -> str:
        return self.name


class Product(Base):
    """Something to sell."""

    __tablename__ = "products"
    __table_args__ = tuple(Index(f"ix_products_{column}_id", column, "id") for column in INDEXED)

    id: Mapped[int] = mapped_column(primary_key=True)
    sku: Mapped[str] = mapped_column(String(40), unique=True)
    name: Mapped[str] = mapped_column(String(200))
    description: Mapped[str] = mapped_column(Text)
    price: Mapped[Decimal] = mapped_column(Numeric(14, 4))
    currency: Mapped[str] = mapped_column(String(3))
    stock: Mapped[int]
    status: Mapped[str] = mapped_column(String(10))
    category_id: Mapped[int | None] = mapped_column(ForeignKey("categories.id"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, onupdate=now)
    version: Mapped[int] = mapped_column(default=1)

    category: Mapped[Category | None] = relationship()

    def __str__(self) -> str:
        return self.name


def fill(database_url: str, count: int) -> None:
    """Make the tables in an empty database and load `count` products."""
    engine = create_engine(database_url)
    Base.metadata.create_all(engine)
    engine.dispose()
    load(database_url, Category.__table__, Product.__table__, count)
