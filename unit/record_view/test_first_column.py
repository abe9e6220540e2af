"""Lists whose first column is the name of another record."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form, row_titles
from unit.record_view.conftest import With, logged_in
from unit.record_view.declared import declared
from unit.record_view.deleting import answered, fields_of
from unit.record_view.kinds import Base, Country
from unit.record_view.stored import COUNTRIES, rows

pytestmark = pytest.mark.both_databases


class Parcel(Base):
    """A record that refers to another one."""

    __tablename__ = "own_bundles"

    id: Mapped[int] = mapped_column(primary_key=True)
    country_code: Mapped[str | None] = mapped_column(ForeignKey("own_countries.code"))
    label_text: Mapped[str | None] = mapped_column(String(40))
    country: Mapped[Country | None] = relationship()


ByCountry = declared(column_list=("country_code", "label_text"))


@pytest.fixture
def app(console: With) -> Flask:
    """A console with two parcels for one of two countries, whose list shows the country first."""
    app = console(lambda: RecordView(Country), lambda: ByCountry(Parcel))
    with app.app_context():
        db.session.add_all([Country(code="de", name="Germany"), Country(code="fr", name="France")])
        db.session.flush()
        db.session.add_all([Parcel(country_code="de", label_text=text) for text in ("Oak", "Elm")])
        db.session.commit()
    return app


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


def test_list_with_another_record_first_shows_its_names(editor: FlaskClient) -> None:
    assert row_titles(editor.get("/admin/own_bundles/").text) == ["Germany", "Germany"]


def test_what_such_a_list_shows_is_moved_with_a_deletion(app: Flask, editor: FlaskClient) -> None:
    address = f"{COUNTRIES}/delete/?id=de"
    names = fields_of(editor.get(address).text)
    answers = {names["2 parcels (Country)"]: "move", names["Move 2 parcels (Country) to"]: "fr"}
    assert is_redirect(answered(editor, address, **answers))
    assert [row["country_code"] for row in rows(app, Parcel)] == ["fr", "fr"]


def test_records_of_such_a_list_are_edited_together(app: Flask, editor: FlaskClient) -> None:
    address = "/admin/own_bundles/action/"
    token = read(editor.get("/admin/own_bundles/").text).fields["csrf_token"]
    chosen = {"csrf_token": token, "action": "edit", "matching": ""}
    form = record_form(editor.post(address, data=chosen).text)
    changes = {**form, "country_code-how": "set", "country_code": "fr"}
    preview = record_form(editor.post(address, data=changes).text)
    assert is_redirect(editor.post(address, data={**preview, "confirm": "1"}))
    assert [row["country_code"] for row in rows(app, Parcel)] == ["fr", "fr"]
