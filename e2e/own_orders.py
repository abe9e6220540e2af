"""A plug-in for browser tests: orders, which need a permission of their own to be approved."""

from __future__ import annotations

from typing import Any

from flask_admin.actions import action
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.records import RecordView, Role, needs


class OrderBase(DeclarativeBase):
    """Tables of this plug-in."""


class Order(OrderBase):
    """An order, which an admin approves."""

    __tablename__ = "own_orders"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    state: Mapped[str] = mapped_column(default="New")


class OrderView(RecordView):
    """Orders, and the action that needs a permission."""

    @action("approve", "Approve")
    @needs("own_orders:approve")
    def approve(self, keys: list[str]) -> None:
        """Approve orders."""
        for key in keys:
            self.session.get(Order, int(key)).state = "Approved"


def register(console: Any) -> None:
    """Add the orders and their permission."""
    console.permission("own_orders:approve", Role.ADMIN)
    console.add(OrderView(Order, name="Orders"), icon="box")
