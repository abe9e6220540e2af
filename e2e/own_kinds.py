"""A plug-in with a kind of record of its own: suppliers, with a cell of every sort."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy import DateTime, Numeric, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.records import RecordView, Refusal

CREDIT = "A supplier without a city gets no credit."


class Base(DeclarativeBase):
    """Tables that the console's own migrations know nothing of."""


class Terms(StrEnum):
    """When a supplier is paid."""

    AT_ONCE = "at once"
    LATER = "later"


class Supplier(Base):
    """A record without a version."""

    __tablename__ = "own_suppliers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    city: Mapped[str | None] = mapped_column(String(80))
    credit: Mapped[Decimal | None] = mapped_column(Numeric(8, 2))
    since: Mapped[date | None]
    called: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    terms: Mapped[Terms | None]
    state: Mapped[str | None] = mapped_column(Text)


class SupplierView(RecordView):
    """Suppliers, whose credit depends on their city."""

    column_list = ("name", "city", "credit", "since", "called", "terms", "state")
    column_editable_list = ("city", "credit", "since", "called", "terms", "state")
    column_filters = ("city", "terms", "since")

    def on_model_change(self, form: Any, model: Any, is_created: bool) -> None:
        """Refuse credit to a supplier without a city."""
        if model.credit and not model.city:
            raise Refusal(CREDIT, "credit")


def register(console: Any) -> None:
    """Add the suppliers."""
    console.add(SupplierView(Supplier, name="Suppliers", category="Catalogue"), icon="box")
