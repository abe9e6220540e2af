"""Names that a class gets by itself: its address, its nouns, and the column that names a record."""

import pytest
from flask import Flask
from sqlalchemy import Enum, ForeignKey, String, Uuid
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.columns import small_words
from dashboard.admin.record_view.view import RecordView


class Other(DeclarativeBase):
    """Tables that are named as in other schemas."""


class InvoiceLine(Other):
    """A table and columns with capitals."""

    __tablename__ = "InvoiceLine"

    InvoiceLineId: Mapped[int] = mapped_column(primary_key=True)
    FirstName: Mapped[str] = mapped_column(String(40))
    LastName: Mapped[str] = mapped_column(String(40))
    UnitPrice: Mapped[int]


class Parcel(Other):
    """A record whose first texts are a key of another record, a choice and a number."""

    __tablename__ = "Parcel"

    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(ForeignKey("Place.code"))
    label: Mapped[str] = mapped_column(Enum("fragile", "heavy", name="parcel_label"))
    uid: Mapped[str] = mapped_column(Uuid(as_uuid=False))
    contents: Mapped[str | None] = mapped_column(String(40))


class Place(Other):
    """A record that a parcel refers to."""

    __tablename__ = "Place"

    code: Mapped[str] = mapped_column(String(5), primary_key=True)
    nearest: Mapped[str | None] = mapped_column(ForeignKey("Place.code"))


def test_neither_references_nor_choices_name_a_record(context: Flask) -> None:
    assert RecordView(Parcel).listing.title is Parcel.contents
    assert RecordView(Place).listing.title is Place.code


def test_names_with_capitals_become_addresses_and_nouns(context: Flask) -> None:
    view = RecordView(InvoiceLine)
    assert (view.endpoint, view.singular, view.name) == ("invoice_line", "invoice line", "Invoice lines")
    assert view.listing.title is InvoiceLine.LastName
    assert [column.label for column in view.listing.columns] == [
        "Last name",
        "First name",
        "Unit price",
        "Invoice line",
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("suppliers", "suppliers"),
        ("crm.Order Lines", "crm_order_lines"),
        ("HTTPRequest", "httprequest"),
        ("läden", "l_den"),
        ("order2Line", "order2_line"),
    ],
)
def test_kind_is_written_in_small_words(kind: str, words: str) -> None:
    assert small_words(kind) == words
