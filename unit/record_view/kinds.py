"""Mapped classes as plug-ins have them: every type of column, keys of several types, references."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import (
    JSON,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    LargeBinary,
    Numeric,
    String,
    Table,
    Text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship


class Base(DeclarativeBase):
    """Tables that the console's own migrations know nothing of."""


class Terms(Enum):
    """When a supplier is paid."""

    net_30 = 1
    net_60 = 2


class Grade(StrEnum):
    """How good a supplier is."""

    FIRST = "first choice"
    SECOND = "second"


class Country(Base):
    """A country that suppliers refer to; its key is a text."""

    __tablename__ = "own_countries"

    code: Mapped[str] = mapped_column(String(10), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Supplier(Base):
    """A record with a column of every type, some of them called like parameters of a list."""

    __tablename__ = "own_suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    city: Mapped[str | None] = mapped_column(String(80))
    terms: Mapped[Terms] = mapped_column(default=Terms.net_30)
    grade: Mapped[Grade | None]
    active: Mapped[bool] = mapped_column(default=True)
    checked: Mapped[bool | None]
    rating: Mapped[float | None]
    limit: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    since: Mapped[date | None]
    seen_at: Mapped[datetime | None]
    called_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    opens: Mapped[time | None]
    lead: Mapped[timedelta | None]
    reference: Mapped[UUID | None]
    extra: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    notes: Mapped[str | None] = mapped_column(Text)
    api_key: Mapped[str | None]
    logo: Mapped[bytes | None] = mapped_column(LargeBinary)
    size: Mapped[int] = mapped_column(server_default="3")
    double: Mapped[int | None] = mapped_column(Computed("size * 2"))
    country_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("own_suppliers.id"))

    country: Mapped[Country | None] = relationship()
    parent: Mapped[Supplier | None] = relationship(remote_side="Supplier.id")


class Ticket(Base):
    """A record whose key is a UUID and that has no name."""

    __tablename__ = "own_tickets"

    number: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    weight: Mapped[int | None]


class Memo(Base):
    """A record with columns that are called like controls of forms."""

    __tablename__ = "own_memos"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    note: Mapped[str | None]
    action: Mapped[str | None]
    review: Mapped[str | None]
    opened: Mapped[str | None]
    confirm: Mapped[str | None]
    next: Mapped[str | None]
    updated_at: Mapped[str | None]
    place: Mapped[str | None]


class Line(Base):
    """A record with a key of two columns."""

    __tablename__ = "own_lines"

    supplier_id: Mapped[int] = mapped_column(ForeignKey("own_suppliers.id"), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)


tagging = Table(
    "own_tagging",
    Base.metadata,
    Column("post_id", ForeignKey("own_posts.id"), primary_key=True),
    Column("tag_id", ForeignKey("own_tags.id"), primary_key=True),
)


class Post(Base):
    """A record with many others, and a version that does not count them."""

    __tablename__ = "own_posts"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    note: Mapped[str | None] = mapped_column(String(80))
    version: Mapped[int] = mapped_column()

    tags: Mapped[list[Tag]] = relationship(secondary=tagging, back_populates="posts")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Tag(Base):
    """A record that is in the collections of others."""

    __tablename__ = "own_tags"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))

    posts: Mapped[list[Post]] = relationship(secondary=tagging, back_populates="tags")


class Club(Base):
    """A record that others belong to, with a version."""

    __tablename__ = "own_clubs"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    version: Mapped[int] = mapped_column()

    members: Mapped[list[Member]] = relationship(back_populates="club", order_by="Member.place")

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Member(Base):
    """A record that belongs to a club."""

    __tablename__ = "own_members"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    email: Mapped[str | None] = mapped_column(String(80), unique=True)
    place: Mapped[int] = mapped_column(default=0)
    terms: Mapped[Terms] = mapped_column(default=Terms.net_30)
    club_id: Mapped[int] = mapped_column(ForeignKey("own_clubs.id"))

    club: Mapped[Club] = relationship(back_populates="members")
