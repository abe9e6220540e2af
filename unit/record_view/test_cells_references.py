"""Cells of references: the name of a record, or its key, where the user may see what the column refers to."""

import json

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.permissions import Access, Role
from unit.admin.reading import read
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases
AT = "/admin/own_suppliers"


class Suppliers(RecordView):
    """Suppliers whose city and country are edited in the list."""

    column_list = ("name", "city", "country")
    column_editable_list = ("city", "country")


def countries() -> RecordView:
    """The screen of countries."""
    return RecordView(Country)


def of_owners() -> RecordView:
    """The screen of countries, which only owners see."""

    class Hidden(RecordView):
        roles = {Access.READ: Role.OWNER, Access.WRITE: Role.OWNER}  # noqa: RUF012 - a declaration

    return Hidden(Country)


def filled(app: Flask) -> Flask:
    """The console with a supplier and three countries, two of one name."""
    with app.app_context():
        named = {"de": "Germany", "fr": "France", "f2": "France"}
        db.session.add_all([Country(code=code, name=name) for code, name in named.items()])
        db.session.add(Supplier(name="Oak", city="Bonn"))
        db.session.commit()
    return app


def save(client: FlaskClient, value: str, field: str = "country_code") -> TestResponse:
    """The answer to the country that is saved in the list."""
    html = client.get(f"{AT}/").text
    table = read(html).all("table")[0].attributes
    sent = {"id": "1", "version": table["data-versions"], "csrf_token": read(html).fields["csrf_token"]}
    return client.post(f"{AT}/cell/", data={**sent, "field": field, "value": value})


def edited(html: str) -> dict[str, str]:
    """The columns whose cells are edited, with the addresses that find what they refer to."""
    heads = [each.attributes for each in read(html).all("th")]
    its = [json.loads(head["data-edit"]) for head in heads if "data-edit" in head]
    return {each["field"]: each.get("source", "") for each in its}


@pytest.mark.parametrize("typed", ["Germany", "de", " Germany "])
def test_reference_is_saved_by_the_name_or_the_key(console: With, typed: str) -> None:
    app = filled(console(lambda: Suppliers(Supplier), countries))
    editor = logged_in(app, "editor")
    assert edited(editor.get(f"{AT}/").text) == {"city": "", "country_code": "/admin/own_countries/lookup/"}
    answer = save(editor, typed)
    assert (answer.status_code, answer.json["shown"]) == (200, "Germany")
    assert answer.json["url"] == "/admin/own_countries/details/?id=de"
    assert rows(app, Supplier)[0]["country_code"] == "de"
    assert save(editor, "").json["shown"] is None
    assert rows(app, Supplier)[0]["country_code"] is None


@pytest.mark.parametrize(
    ("typed", "words"),
    [("Spain", "No country is called “Spain”."), ("France", "More than one country is called “France”")],
)
def test_reference_that_is_not_found_is_refused(console: With, typed: str, words: str) -> None:
    app = filled(console(lambda: Suppliers(Supplier), countries))
    answer = save(logged_in(app, "editor"), typed)
    assert answer.status_code == 422
    assert words in answer.json["error"]
    assert rows(app, Supplier)[0]["country_code"] is None


def test_reference_is_edited_only_by_who_sees_what_it_refers_to(console: With) -> None:
    app = filled(console(lambda: Suppliers(Supplier), of_owners))
    editor, owner = logged_in(app, "editor"), logged_in(app, "owner")
    assert edited(editor.get(f"{AT}/").text) == {"city": ""}
    assert save(editor, "de").status_code == 400
    assert save(owner, "de").status_code == 200


def test_reference_without_a_screen_is_edited_in_the_form_alone(console: With) -> None:
    app = filled(console(lambda: Suppliers(Supplier)))
    assert edited(logged_in(app, "owner").get(f"{AT}/").text) == {"city": ""}
    assert save(logged_in(app, "owner"), "de").status_code == 400
