"""Orders, whose lines and visits have keys of several columns and are edited in their form."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, Numeric, String, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from unit.admin.reading import read, record_form
from unit.consoles import console_over
from unit.record_view.conftest import plugin

ORDERS = "/admin/shop_orders"
EDIT = f"{ORDERS}/edit/?id=1"
ODD = 'a,"b" \\[1]'
"""The key of a part with every sign that a key of several columns is written with."""


class Base(DeclarativeBase):
    """Tables that the console's own migrations know nothing of."""


class Part(Base):
    """A part that orders have; its key is a text."""

    __tablename__ = "shop_parts"

    sku: Mapped[str] = mapped_column(String(40), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))


class Order(Base):
    """A record with rows of several keys."""

    __tablename__ = "shop_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))

    lines: Mapped[list[OrderLine]] = relationship(back_populates="order", viewonly=True)


class OrderLine(Base):
    """An association object: its key is that of the order and that of a part."""

    __tablename__ = "shop_order_lines"

    order_id: Mapped[int] = mapped_column(ForeignKey("shop_orders.id"), primary_key=True)
    part_sku: Mapped[str] = mapped_column(ForeignKey("shop_parts.sku"), primary_key=True)
    quantity: Mapped[int] = mapped_column(default=1)
    price: Mapped[Decimal | None] = mapped_column(Numeric(12, 2))
    note: Mapped[str | None] = mapped_column(String(80))

    order: Mapped[Order] = relationship(back_populates="lines")
    part: Mapped[Part] = relationship()


class Shift(Enum):
    """The time of a visit."""

    EARLY = 1
    LATE = 2


class Visit(Base):
    """A row with a key of every type."""

    __tablename__ = "shop_visits"

    order_id: Mapped[int] = mapped_column(ForeignKey("shop_orders.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    shift: Mapped[Shift] = mapped_column(primary_key=True)
    device: Mapped[UUID] = mapped_column(primary_key=True)
    remark: Mapped[str | None] = mapped_column(String(80))

    order: Mapped[Order] = relationship()


class Delivery(Base):
    """A row that the database deletes with its order and with its part."""

    __tablename__ = "shop_deliveries"

    order_id: Mapped[int] = mapped_column(ForeignKey("shop_orders.id", ondelete="CASCADE"), primary_key=True)
    part_sku: Mapped[str] = mapped_column(ForeignKey("shop_parts.sku", ondelete="CASCADE"), primary_key=True)
    amount: Mapped[int | None]

    order: Mapped[Order] = relationship()
    part: Mapped[Part] = relationship()


class OrderView(RecordView):
    """Orders with all their rows."""

    inline_models = (OrderLine, Visit, Delivery)


class PartView(RecordView):
    """Parts."""


@contextmanager
def orders_console(settings: Settings, *views: Any) -> Iterator[Flask]:
    """A console with two orders, the first of which has two lines and a visit."""
    shown = views or (lambda: OrderView(Order), lambda: PartView(Part))
    with console_over(settings, plugin(*shown), Base) as app:
        with app.app_context():
            db.session.add_all([Order(name="First"), Order(name="Second")])
            db.session.add_all([Part(sku=sku, name=name) for sku, name in (("oak", "Oak"), (ODD, "Odd"))])
            db.session.add(Part(sku="elm", name="Elm"))
            db.session.flush()
            db.session.add_all([line("oak", 2, note="as it is"), line(ODD, 5, price=Decimal("1.50"))])
            db.session.add(visit())
            db.session.add_all([Delivery(order_id=2, part_sku=sku, amount=3) for sku in ("elm", ODD)])
            db.session.commit()
        yield app


def line(sku: str, quantity: int, order: int = 1, **values: Any) -> OrderLine:
    """A line of an order."""
    return OrderLine(order_id=order, part_sku=sku, quantity=quantity, **values)


def visit() -> Visit:
    """A visit of the first order."""
    return Visit(order_id=1, day=date(2026, 5, 4), shift=Shift.LATE, device=UUID(int=7), remark="ring twice")


def edit(client: FlaskClient, fields: dict[str, str]) -> TestResponse:
    """The answer to the form of the first order, as it is shown but for `fields`."""
    return client.post(EDIT, data={**record_form(client.get(EDIT).text), **fields})


def lines(app: Flask, order: int = 1) -> dict[str, tuple[Any, ...]]:
    """Quantity, price and note of each line of an order, by its part."""
    with app.app_context():
        columns = OrderLine.part_sku, OrderLine.quantity, OrderLine.price, OrderLine.note
        found = db.session.execute(select(*columns).where(OrderLine.order_id == order))
        return {sku: tuple(values) for sku, *values in found}


def undo(client: FlaskClient, address: str) -> TestResponse:
    """The answer to the button of a list that undoes the last change."""
    forms = read(client.get(f"{address.rstrip('/')}/").text).all("form")
    [form] = [form for form in forms if form.attributes["action"].endswith("/undo/")]
    return client.post(form.attributes["action"], data=form.fields)
