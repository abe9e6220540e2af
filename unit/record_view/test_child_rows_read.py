"""Child rows whose fields refer to other records: these are read at once, however many rows there are."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.conftest import CountQueries
from unit.record_view.conftest import With, logged_in
from unit.record_view.kinds import Country, Supplier

pytestmark = pytest.mark.both_databases
EDIT = "/admin/own_countries/edit/?id=c1"
MOST = 14


class CountryView(RecordView):
    """Countries with their suppliers, each of which may refer to another supplier."""

    inline_models = ((Supplier, {"form_columns": ("name", "parent"), "form_label": "Suppliers"}),)


@pytest.fixture
def countries(console: With) -> Flask:
    """A console with a country of forty suppliers, and more suppliers than a list to choose from has."""
    app = console(lambda: CountryView(Country), lambda: RecordView(Supplier))
    with app.app_context():
        db.session.add(Country(code="c1", name="Here"))
        db.session.flush()
        db.session.add_all(Supplier(name=f"S{number}") for number in range(1, 111))
        db.session.flush()
        rows = (Supplier(name=f"Row {n}", country_code="c1", parent_id=n) for n in range(1, 41))
        db.session.add_all(rows)
        db.session.commit()
    return app


@pytest.fixture
def editor(countries: Flask) -> FlaskClient:
    """A browser of an editor that has seen the form before."""
    client = logged_in(countries, "editor")
    client.get(EDIT)
    return client


def test_form_with_forty_rows_takes_few_queries(editor: FlaskClient, count_queries: CountQueries) -> None:
    with count_queries() as statements:
        page = editor.get(EDIT).text
    assert len(statements) <= MOST, statements
    [section] = read(page).all("section", class_="rows")
    inputs = [each.attributes for each in section.all("input")]
    names = [each["value"] for each in inputs if each["name"].endswith("-parent_id")]
    assert names[:40] == [f"S{number}" for number in range(1, 41)]


def test_saving_forty_rows_unchanged_takes_few_queries(
    editor: FlaskClient, count_queries: CountQueries
) -> None:
    form = record_form(editor.get(EDIT).text)
    with count_queries() as statements:
        assert is_redirect(editor.post(EDIT, data=form))
    assert len(statements) <= MOST, statements


def test_name_and_key_that_are_typed_are_both_found(countries: Flask, editor: FlaskClient) -> None:
    form = record_form(editor.get(EDIT).text)
    texts = [name for name in form if name.endswith("-parent_id")]
    assert is_redirect(editor.post(EDIT, data={**form, texts[0]: "S100", texts[1]: "101"}))
    with countries.app_context():
        rows = db.session.query(Supplier.parent_id).filter(Supplier.country_code == "c1")
        assert {100, 101} <= {row.parent_id for row in rows}


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("a\0b", "No supplier is called that."),
        ("x" * 301, "Use at most 300 characters; this has 301."),
        (" \0 ", "No supplier is called that."),
    ],
)
def test_text_that_no_record_is_called_is_refused_beside_its_field(
    editor: FlaskClient, text: str, error: str
) -> None:
    form = record_form(editor.get(EDIT).text)
    names = [name for name in form if name.endswith("-parent_id")]
    for name in (names[0], names[-1]):
        answer = editor.post(EDIT, data={**form, names[-1].replace("parent_id", "name"): "New", name: text})
        assert field_errors(answer.text) == {name: error}


def test_new_row_with_an_unknown_name_alone_is_not_dropped(editor: FlaskClient) -> None:
    form = record_form(editor.get(EDIT).text)
    name = [name for name in form if name.endswith("-parent_id")][-1]
    answer = editor.post(EDIT, data={**form, name: "Nowhere"})
    assert field_errors(answer.text)[name] == "No supplier is called “Nowhere”."
    assert record_form(answer.text)[name] == "Nowhere"
