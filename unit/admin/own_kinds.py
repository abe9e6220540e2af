"""Kinds of records of a plug-in: keys that are texts, UUIDs and large numbers, and a class with a subclass.

Their tables existed before the console, and their endpoints differ from their tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any, ClassVar
from uuid import UUID, uuid4

from flask import Flask
from flask_login import current_user
from sqlalchemy import JSON, BigInteger, ColumnElement, ForeignKey, String, Text, Uuid, inspect, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.admin.features.timeline import History
from dashboard.admin.kit.screen import Screen
from dashboard.extensions import db
from dashboard.listing.columns import Column
from dashboard.listing.state import Listing
from dashboard.permissions import Role
from dashboard.registry import REGISTRY, Record, Unit, Values, recorded, registry

CODE = "A/B & 007 ü%=<"
LARGE = 2**40
PERSON = UUID("0a52bb11-4f2e-4a8f-8b54-6a6a5c0f5c1d")
"""Keys that are texts full of signs, larger than 32 bits, and UUIDs."""


class Base(DeclarativeBase):
    """Tables that the migrations know nothing of."""


@recorded(label="Label", terms="Terms", worth="Worth", unit="Unit", rules="Rules")
class Voucher(Base):
    """A record whose key is a text."""

    __tablename__ = "own_vouchers"

    code: Mapped[str] = mapped_column(String(300), primary_key=True)
    label: Mapped[str | None] = mapped_column(String(80))
    terms: Mapped[str | None] = mapped_column(Text)
    worth: Mapped[int | None]
    unit: Mapped[str] = mapped_column(String(10), default="EUR")
    rules: Mapped[Any | None] = mapped_column(JSON)
    parcels: Mapped[list[Parcel]] = relationship(back_populates="voucher")


@recorded(label="Label", voucher_code="Voucher", guest_id="Guest")
class Parcel(Base):
    """A record whose key is a large number; it refers to others by their text and UUID."""

    __tablename__ = "own_parcels"

    number: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    label: Mapped[str]
    voucher_code: Mapped[str | None] = mapped_column(ForeignKey("own_vouchers.code"))
    guest_id: Mapped[UUID | None] = mapped_column(ForeignKey("own_guests.uuid"))
    voucher: Mapped[Voucher | None] = relationship(back_populates="parcels")


@recorded(label="Label")
class Guest(Base):
    """A record whose key is a UUID; only owners see those called Hidden, and those that are gone."""

    __tablename__ = "own_guests"

    uuid: Mapped[UUID] = mapped_column(Uuid, primary_key=True, default=uuid4)
    label: Mapped[str]


@recorded(label="Label", active="Active", size="Size")
class Animal(Base):
    """A record of a class with a subclass; its key is a plain number."""

    __tablename__ = "own_animals"

    id: Mapped[int] = mapped_column(primary_key=True)
    type: Mapped[str] = mapped_column(String(10))
    label: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True)
    size: Mapped[int] = mapped_column(default=0)

    __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_on": "type", "polymorphic_identity": "animal"}


class Dog(Animal):
    """An animal with a table of its own besides."""

    __tablename__ = "own_dogs"

    id: Mapped[int] = mapped_column(ForeignKey("own_animals.id"), primary_key=True)

    __mapper_args__: ClassVar[dict[str, Any]] = {"polymorphic_identity": "dog"}


class PlainReverting:
    """Records that are put back by the session."""

    def __init__(self, model: type[Any]) -> None:
        self.model = model

    @property
    def record(self) -> Record:
        """The kind of record."""
        return registry().of(self.model)

    def rows(self, keys: Sequence[Any]) -> dict[Any, Any]:
        """The records with these keys."""
        values = [self.record.read_key(str(key)) for key in keys]
        found = db.session.scalars(select(self.model).where(self.record.key.in_(values)))
        return {self.record.key_of(each): each for each in found}

    def read(self, keys: Sequence[Any], *, lock: bool) -> Mapping[Any, Values]:
        """The records as they are now."""
        return {key: {"version": None, **self.record.values(each)} for key, each in self.rows(keys).items()}

    def lost(self, keys: Sequence[Any], *, lock: bool) -> Mapping[Any, str]:
        """None of them."""
        return {}

    def change(self, new: Mapping[Any, Values]) -> int:
        """Give records new values."""
        for key, each in self.rows([*new]).items():
            for name, value in new[key].items():
                setattr(each, name, value)
        db.session.flush()
        return len(new)

    def remove(self, keys: Sequence[Any]) -> int:
        """Delete records."""
        for each in self.rows(keys).values():
            db.session.delete(each)
        db.session.flush()
        return len(keys)

    def restore(self, old: Mapping[Any, Values]) -> int:
        """Make records again."""
        for key, values in old.items():
            made = self.model(**values)
            setattr(made, self.record.key.key, self.record.read_key(str(key)))
            db.session.add(made)
        db.session.flush()
        return len(old)


def listing(model: type[Any], key: Any) -> Listing:
    """A list of records by their labels."""
    label = Column("label", "Label", (model.label,), sorted_by=model.label)
    return Listing(key=key, title=model.label, sort="label", columns=(label,), facets=(), export=())


class OwnView(Screen):
    """A screen of a plug-in."""

    features = (History(),)
    empty_text = "None yet."

    @cached_property
    def reverting(self) -> PlainReverting:  # type: ignore[override]
        """Puts the records back."""
        return PlainReverting(self.model)


class VoucherView(OwnView):
    """Vouchers, whose worth is shown with its unit."""

    singular = "voucher"
    listing = listing(Voucher, Voucher.code)
    units: ClassVar[Mapping[str, Unit]] = {"worth": Unit("unit", lambda worth, unit: f"{worth} {unit}")}


class ParcelView(OwnView):
    """Parcels."""

    singular = "parcel"
    listing = listing(Parcel, Parcel.number)


def visible_guests() -> list[ColumnElement[bool]]:
    """The guests that the current user sees."""
    return [] if sees_all_guests() else [Guest.label != "Hidden"]


def sees_all_guests() -> bool:
    """Whether the current user sees every guest."""
    return bool(current_user.role is Role.OWNER)


class GuestView(OwnView):
    """Guests, of whom not all are seen by everyone."""

    singular = "guest"
    listing = replace(listing(Guest, Guest.uuid), scope=visible_guests)

    @cached_property
    def record(self) -> Record:
        """The record, with who sees it."""
        return replace(super().record, scope=visible_guests, sees_all=sees_all_guests)


class AnimalView(OwnView):
    """Animals, dogs among them."""

    singular = "animal"
    listing = listing(Animal, Animal.id)


VIEWS = {"vouchers": (VoucherView, Voucher), "parcels": (ParcelView, Parcel), "guests": (GuestView, Guest)}
VIEWS["animals"] = (AnimalView, Animal)


def register(console: Any) -> None:
    """Add the screens, each at an address that is not called like its table."""
    for endpoint, (view, model) in VIEWS.items():
        add(console, view(model, console.db, name=endpoint.capitalize(), endpoint=f"my-{endpoint}"))


def add(console: Any, view: Any) -> None:
    """Add a screen whatever the key of its records."""
    console.app.extensions[REGISTRY].add(view.record)
    console.screens.append(view)
    console.add_page(view, icon="box", permission=view.permission("read"))


def unrecorded(app: Flask, made: Any) -> None:
    """Store a record as another program does."""
    values = {name: value for name, value in vars(made).items() if not name.startswith("_")}
    defaults = {"label": "Oak", "unit": "EUR", "type": type(made).__name__.lower(), "active": True, "size": 0}
    with app.app_context():
        for table in inspect(type(made)).tables:
            stored = {name: value for name, value in {**defaults, **values}.items() if name in table.c}
            db.session.connection().execute(table.insert().values(stored))
        db.session.commit()


def storing(*records: Any) -> Callable[[], None]:
    """Add records to the session."""
    return lambda: db.session.add_all(records)


def giving(model: type[Any], key: Any, **values: Any) -> Callable[[], None]:
    """Give a record new values."""

    def change() -> None:
        for name, value in values.items():
            setattr(db.session.get_one(model, key), name, value)

    return change


def deleting(model: type[Any], key: Any) -> Callable[[], None]:
    """Delete a record."""
    return lambda: db.session.delete(db.session.get_one(model, key))
