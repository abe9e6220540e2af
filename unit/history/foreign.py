"""Kinds of records whose keys are texts, UUIDs and large integers, and which have no version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import BigInteger, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.catalogue.reverting import CategoryReverting
from dashboard.extensions import db
from dashboard.registry import Record, recorded, registry
from dashboard.trash.kinds import Trashable


class Base(DeclarativeBase):
    """Tables that the migrations know nothing of."""


@recorded(label="Label")
class Voucher(Base):
    """A record whose key is a text."""

    __tablename__ = "vouchers"

    code: Mapped[str] = mapped_column(String(300), primary_key=True)
    label: Mapped[str]


@recorded(label="Label")
class Parcel(Base):
    """A record whose key is a large integer."""

    __tablename__ = "parcels"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    label: Mapped[str]


@recorded(personal=True, label="Label")
class Guest(Base):
    """A record about a person, whose key is a UUID."""

    __tablename__ = "guests"

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    label: Mapped[str]


KINDS: list[type[Any]] = [Voucher, Parcel, Guest]


@contextmanager
def declared_kinds() -> Iterator[None]:
    """The kinds as kinds of the current application, over tables of their own."""
    Base.metadata.create_all(db.engine)
    for model in KINDS:
        name = model.__tablename__
        registry().add(
            Record(
                model=model,
                title=model.label,
                singular=name.removesuffix("s"),
                name=name.capitalize(),
                endpoint=name,
                reverting=CategoryReverting(),  # reverting these records is not tested here
                trash=None if model is Guest else Trashable(model, title="label"),
            )
        )
    try:
        yield
    finally:
        db.session.rollback()
        for model in KINDS:
            registry().remove(model.__tablename__)
        Base.metadata.drop_all(db.engine)
