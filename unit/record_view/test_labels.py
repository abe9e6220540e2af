"""Labels of columns, the same on every page: a reference has that of its relationship."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Base, Country, Supplier
from unit.record_view.stored import COUNTRIES, SUPPLIERS

pytestmark = pytest.mark.both_databases
EDIT = f"{SUPPLIERS}/edit/?id=1"


class Tour(Base):
    """A record with two relationships to one record by the same column, and one with another name."""

    __tablename__ = "own_tours"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    country_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    start_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))

    country: Mapped[Country | None] = relationship(foreign_keys=[country_code])
    visited: Mapped[Country | None] = relationship(foreign_keys=[country_code], viewonly=True)
    origin: Mapped[Country | None] = relationship(foreign_keys=[start_code])


class Stage(Base):
    """A record that refers to others by columns which are not called after a key, and as automap has it."""

    __tablename__ = "own_stages"

    id: Mapped[int] = mapped_column(primary_key=True)
    tour: Mapped[int] = mapped_column(ForeignKey("own_tours.id"))
    guide: Mapped[int | None] = mapped_column(ForeignKey("own_suppliers.id"))
    place_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))

    tour_row: Mapped[Tour] = relationship()
    led_by: Mapped[Supplier | None] = relationship()
    own_countries: Mapped[Country | None] = relationship()


class Plain(RecordView):
    """Suppliers and their countries, without labels."""

    column_list = column_details_list = ("name", "country_code")
    column_filters = form_columns = ("name", "country")


class Labelled(Plain):
    """Suppliers whose country has a label."""

    column_labels = {"country": "Home"}  # noqa: RUF012


def with_one(console: With, view: type[RecordView]) -> tuple[Flask, FlaskClient]:
    """A console with a supplier in a country, and an editor's browser."""
    app = console(lambda: view(Supplier), lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="fr", name="France")])
        db.session.flush()
        db.session.add(Supplier(name="Oak", country_code="de"))
        db.session.commit()
    return app, logged_in(app, "editor")


@pytest.mark.parametrize(("view", "label"), [(Plain, "Country"), (Labelled, "Home")])
def test_reference_has_one_label_on_every_page(console: With, view: type[RecordView], label: str) -> None:
    _, editor = with_one(console, view)
    fields = record_form(editor.get(EDIT).text)
    assert is_redirect(editor.post(EDIT, data={**fields, "country_code": "fr"}))
    listed = read(editor.get(f"{SUPPLIERS}/").text)
    assert label in [head.text for head in listed.all("thead")[0].all("th")]
    assert label in [legend.text for legend in listed.all("legend")]
    *_, last, reason = read(editor.get(EDIT).text).all("form")[-1].all("label")
    assert (last.text, reason.text) == (label, "Reason")
    details = read(editor.get(f"{SUPPLIERS}/details/?id=1").text)
    assert [term.text for term in details.all("dt")][:2] == ["Name", label]
    assert f"{label} Germany → France" in details.all("main")[0].text
    history = read(editor.get(f"{SUPPLIERS}/history/?id=1").text).all("main")[0].text
    assert f"{label} Germany → France" in history
    question = read(editor.get(f"{COUNTRIES}/delete/?id=fr").text).all("main")[0].text
    assert f"1 supplier ({label})" in question


def test_label_is_that_of_the_relationship_which_the_column_is_named_after(context: Flask) -> None:
    columns = RecordView(Tour).columns
    assert (columns.label("country_code"), columns.label("start_code")) == ("Country", "Origin")
    assert (columns.label("name"), columns.label("id")) == ("Name", "ID")


def test_label_of_a_column_that_is_not_called_after_a_key(context: Flask) -> None:
    view = RecordView(Stage)
    labels = {name: view.columns.label(name) for name in ("tour", "guide", "place_code")}
    assert labels == {"tour": "Tour", "guide": "Led by", "place_code": "Own country"}
    assert {name: view.recorded.fields[name] for name in labels} == labels
