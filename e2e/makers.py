"""A plug-in for browser tests: makers, their lamps, and the shops that sell these."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, Table
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.records import RecordView


class MakerBase(DeclarativeBase):
    """Tables of this plug-in."""


class Maker(MakerBase):
    """A maker of lamps."""

    __tablename__ = "makers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


sold_in = Table(
    "sold_in",
    MakerBase.metadata,
    Column("shop_id", ForeignKey("lamp_shops.id"), primary_key=True),
    Column("lamp_id", ForeignKey("made_lamps.id"), primary_key=True),
)


class Shop(MakerBase):
    """A shop that sells lamps."""

    __tablename__ = "lamp_shops"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    lamps: Mapped[list[MadeLamp]] = relationship(secondary=sold_in)


class MadeLamp(MakerBase):
    """A lamp, which may have a maker."""

    __tablename__ = "made_lamps"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"))
    maker: Mapped[Maker | None] = relationship()


def register(console: Any) -> None:
    """Add the screens."""
    console.add(RecordView(Maker))
    console.add(RecordView(Shop))
    console.add(RecordView(MadeLamp))
