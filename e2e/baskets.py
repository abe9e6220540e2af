"""A plug-in for browser tests: baskets, whose lines have the key of the basket and that of a fruit."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.records import RecordView


class BasketBase(DeclarativeBase):
    """Tables of this plug-in."""


class Fruit(BasketBase):
    """A fruit."""

    __tablename__ = "fruits"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Basket(BasketBase):
    """A basket."""

    __tablename__ = "baskets"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    lines: Mapped[list[Line]] = relationship(back_populates="basket", viewonly=True)


class Line(BasketBase):
    """A fruit in a basket."""

    __tablename__ = "basket_lines"

    basket_id: Mapped[int] = mapped_column(ForeignKey("baskets.id"), primary_key=True)
    fruit_id: Mapped[int] = mapped_column(ForeignKey("fruits.id"), primary_key=True)
    number: Mapped[int] = mapped_column(default=1)
    basket: Mapped[Basket] = relationship(back_populates="lines")
    fruit: Mapped[Fruit] = relationship()


class BasketView(RecordView):
    """Baskets with their lines."""

    inline_models = (Line,)


def register(console: Any) -> None:
    """Add the baskets and the fruits."""
    console.add(BasketView(Basket))
    console.add(RecordView(Fruit))
