"""A plug-in for browser tests: makers and their lamps, with more makers than a list to choose from has."""

from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.records import RecordView


class MakerBase(DeclarativeBase):
    """Tables of this plug-in."""


class Maker(MakerBase):
    """A maker of lamps."""

    __tablename__ = "makers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]


class MadeLamp(MakerBase):
    """A lamp, which may have a maker."""

    __tablename__ = "made_lamps"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    maker_id: Mapped[int | None] = mapped_column(ForeignKey("makers.id"))
    maker: Mapped[Maker | None] = relationship()


def register(console: Any) -> None:
    """Add both screens."""
    console.add(RecordView(Maker))
    console.add(RecordView(MadeLamp))
