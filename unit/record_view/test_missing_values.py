"""Values that the database asks for: without a field, and stored as blank texts."""

from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.admin.record_view.view import RecordView
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read, record_form
from unit.record_view.conftest import logged_in
from unit.record_view.kinds import Country
from unit.record_view.stored import COUNTRIES, rows

pytestmark = pytest.mark.both_databases


class WithoutNames(RecordView):
    """Countries whose form leaves out what each needs."""

    form_columns = ("code",)


def test_error_names_the_column(console: Callable[..., Flask]) -> None:
    app = console(lambda: WithoutNames(Country))
    client = logged_in(app, "editor")
    fields = record_form(client.get(f"{COUNTRIES}/new/").text)
    answer = client.post(f"{COUNTRIES}/new/", data={**fields, "code": "de"})
    told = read(answer.text).all("main")[0].text
    assert "A value for “name” is missing, and this form has no field for it." in told
    assert rows(app, Country) == []


def test_text_that_is_stored_blank_may_stay_so(console: Callable[..., Flask]) -> None:
    app = console(lambda: RecordView(Country))
    with app.app_context():
        db.session.add_all([Country(code="de", name=""), Country(code="fr", name="France")])
        db.session.commit()
    client, before = logged_in(app, "editor"), rows(app, Country)
    blank, named = (f"{COUNTRIES}/edit/?id={code}" for code in ("de", "fr"))
    page = client.get(blank).text
    assert "required" not in read(page).all("input", name="name")[0].attributes
    assert is_redirect(client.post(blank, data=record_form(page)))
    assert rows(app, Country) == before
    assert is_redirect(client.post(blank, data={**record_form(page), "name": "Germany"}))
    for address, code in ((blank, "de"), (named, "fr")):
        form = record_form(client.get(address).text)
        assert "name" in field_errors(client.post(address, data={**form, "name": ""}).text), code
