"""A key that the form names: typed for a new record, and never changed afterwards."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from dashboard.admin.record_view.view import RecordView
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import record_form
from unit.consoles import console_over
from unit.record_view.conftest import logged_in, plugin
from unit.record_view.kinds import Country
from unit.record_view.stored import COUNTRIES, rows


class ByColumns(RecordView):
    """Countries whose forms name the key."""

    form_columns = ("code", "name")


class ByRules(RecordView):
    """Countries whose rules name the key."""

    form_rules = ("name", "code")


@pytest.fixture(params=[ByColumns, ByRules])
def countries(console: Callable[..., Flask], request: pytest.FixtureRequest) -> Flask:
    """A console with a country, which was created by its form."""
    app = console(lambda: request.param(Country))
    client = logged_in(app, "editor")
    fields = {**record_form(client.get(f"{COUNTRIES}/new/").text), "code": "de", "name": "Germany"}
    assert is_redirect(client.post(f"{COUNTRIES}/new/", data=fields))
    return app


@pytest.fixture
def editor(countries: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(countries, "editor")


def test_form_of_a_record_has_no_field_for_the_key(editor: FlaskClient) -> None:
    assert "code" not in record_form(editor.get(f"{COUNTRIES}/edit/?id=de").text)


def test_key_that_is_sent_is_not_written(countries: Flask, editor: FlaskClient) -> None:
    address = f"{COUNTRIES}/edit/?id=de"
    fields = record_form(editor.get(address).text)
    assert is_redirect(editor.post(address, data={**fields, "code": "fr", "name": "France"}))
    assert rows(countries, Country) == [{"code": "de", "name": "France"}]


class Base(DeclarativeBase):
    """Tables of the tests' own."""


class Plate(Base):
    """A record whose number is typed."""

    __tablename__ = "own_plates"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(80))


@pytest.mark.parametrize("view", [RecordView, type("ByName", (RecordView,), {"form_columns": ("name",)})])
def test_example_of_a_file_has_the_number_that_only_new_records_get(
    settings: Settings, view: type[RecordView]
) -> None:
    with console_over(settings, plugin(lambda: view(Plate)), Base) as app:
        with app.app_context():
            db.session.add(Plate(number=7, name="Oak"))
            db.session.commit()
        answer = logged_in(app, "editor").get("/admin/own_plates/import/example/")
        assert answer.status_code == 200
        assert answer.text.startswith("number,name")
