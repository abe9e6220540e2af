"""A value that the database asks for and that the form has no field for."""

from collections.abc import Callable

import pytest
from flask import Flask

from dashboard.admin.record_view.view import RecordView
from unit.admin.reading import read, record_form
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
