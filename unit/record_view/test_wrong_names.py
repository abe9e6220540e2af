"""Names in attributes that stand for no column: the line says what to use instead."""

from typing import Any

import pytest
from flask import Flask
from flask_admin.contrib.sqla.filters import FilterEqual
from sqlalchemy import ForeignKey, String
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from unit.record_view.declared import declared
from unit.record_view.kinds import Supplier
from unit.record_view.tints import Paint


class Base(DeclarativeBase):
    """Tables of writers."""


class Book(Base):
    """A book of a writer."""

    __tablename__ = "own_books"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(80))
    writer_id: Mapped[int] = mapped_column(ForeignKey("own_writers.id"))
    writer: Mapped["Writer"] = relationship(back_populates="books")


class Writer(Base):
    """A writer, with the titles of the books."""

    __tablename__ = "own_writers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    books: Mapped[list[Book]] = relationship(back_populates="writer")
    titles: AssociationProxy[list[str]] = association_proxy("books", "title")


NO_COLUMN = "which is no column of"


@pytest.mark.parametrize(
    ("model", "attribute", "given", "line"),
    [
        (
            Writer,
            "column_list",
            "titles",
            f"names titles, {NO_COLUMN} Writer. Give it a function in column_formatters.",
        ),
        (
            Book,
            "column_list",
            "writer.nme",
            f"names writer.nme, {NO_COLUMN} Book. Give it a function in column_formatters.",
        ),
        (Book, "column_list", "wrter.name", f"names wrter.name, {NO_COLUMN} Book."),
        (
            Writer,
            "form_columns",
            "titles",
            f"names titles, {NO_COLUMN} Writer. Edit those records by inline_models.",
        ),
        (
            Writer,
            "form_columns",
            "books",
            f"names books, {NO_COLUMN} Writer. Edit those records by inline_models.",
        ),
        (Book, "column_searchable_list", "writer.nme", f"names writer.nme, {NO_COLUMN} Book."),
        (
            Book,
            "column_filters",
            FilterEqual(Book.title, "Title"),
            "has a FilterEqual. Name columns: each gets the filter of its type.",
        ),
        (
            Book,
            "column_sortable_list",
            3,
            "has a int. Name columns, or pairs of a column and the one that sorts it.",
        ),
        (Supplier, "column_filters", "extra", "names extra, whose type has no filter."),
        (Paint, "column_filters", "tint", "names tint, whose type has no filter."),
    ],
)
def test_line_says_what_to_use_instead(
    context: Flask, model: type[Any], attribute: str, given: Any, line: str
) -> None:
    with pytest.raises(ValueError, match="View") as refused:
        declared(**{attribute: [given]})(model)
    assert str(refused.value) == f"SupplierView.{attribute} {line}"


@pytest.mark.parametrize(
    "attribute", ["form_excluded_columns", "column_exclude_list", "column_details_exclude_list"]
)
def test_relationship_without_a_column_can_be_left_out(context: Flask, attribute: str) -> None:
    view = declared(**{attribute: ["books"]})(Writer)
    assert isinstance(view, RecordView)
