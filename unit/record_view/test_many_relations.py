"""Pages of records with twelve relations take as many statements as those of records with few."""

from __future__ import annotations

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.admin.record_view.relations.together import FEW
from dashboard.extensions import db
from dashboard.history.models import Change
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read, record_form
from unit.conftest import CountQueries
from unit.record_view.conftest import With, logged_in
from unit.record_view.hubs import HUBS, LINKED, NUMBERS, Hub, hubs, key
from unit.record_view.stored import rows

pytestmark = pytest.mark.both_databases
MOST, MOST_OF_LIST, MOST_TO_SAVE = 12, 6, 25


@pytest.fixture(params=[3 + max(LINKED), FEW + 1], ids=["listed", "typed"])
def app(console: With, request: pytest.FixtureRequest) -> Flask:
    """A console with hubs, whose spokes are few enough to list, or too many."""
    return hubs(console, request.param)


@pytest.fixture
def editor(app: Flask) -> FlaskClient:
    """A browser of an editor."""
    return logged_in(app, "editor")


@pytest.mark.parametrize("page", ["edit/?id=1", "details/?id=1", "new/"])
def test_page_of_a_record_takes_few_statements(
    editor: FlaskClient, count_queries: CountQueries, page: str
) -> None:
    editor.get(f"{HUBS}/{page}")
    with count_queries() as statements:
        assert editor.get(f"{HUBS}/{page}").status_code == 200
    assert len(statements) <= MOST, "\n".join(statements)


def test_list_takes_few_statements(editor: FlaskClient, count_queries: CountQueries) -> None:
    editor.get(f"{HUBS}/")
    with count_queries() as statements:
        assert editor.get(f"{HUBS}/").status_code == 200
    assert len(statements) <= MOST_OF_LIST, "\n".join(statements)


def test_form_names_every_record_that_it_refers_to(app: Flask, editor: FlaskClient) -> None:
    main = read(editor.get(f"{HUBS}/edit/?id=1").text).all("main")[0]
    options = {each.text for each in main.all("option") if "selected" in each.attributes}
    shown = options | {each.attributes.get("value", "") for each in main.all("input")}
    assert {f"Spoke {number} no. {number + 1}" for number in NUMBERS} <= shown
    areas = [each.text for each in main.all("textarea")]
    assert areas == [f"Spoke {number} no. 1 Spoke {number} no. 2" for number in LINKED]


def test_page_names_every_record_that_it_refers_to(editor: FlaskClient) -> None:
    main = read(editor.get(f"{HUBS}/details/?id=1").text).all("main")[0]
    assert {f"Spoke {number} no. {number + 1}" for number in NUMBERS} <= {each.text for each in main.all("a")}


def test_unchanged_form_leaves_no_line_and_takes_few_statements(
    app: Flask, editor: FlaskClient, count_queries: CountQueries
) -> None:
    form, before = record_form(editor.get(f"{HUBS}/edit/?id=1").text), lines_of(app)
    with count_queries() as statements:
        assert is_redirect(editor.post(f"{HUBS}/edit/?id=1", data=form))
    assert lines_of(app) == before
    assert len(statements) <= MOST_TO_SAVE, "\n".join(statements)


def test_every_reference_is_changed_at_once(
    app: Flask, editor: FlaskClient, count_queries: CountQueries
) -> None:
    form = record_form(editor.get(f"{HUBS}/edit/?id=1").text)
    typed = {f"spoke{number}_id": f"Spoke {number} no. 3" for number in NUMBERS}
    with count_queries() as statements:
        assert is_redirect(editor.post(f"{HUBS}/edit/?id=1", data={**form, **typed}))
    [stored, _] = rows(app, Hub)
    assert [stored[f"spoke{number}_id"] for number in NUMBERS] == [key(number, 3) for number in NUMBERS]
    assert len(statements) <= MOST_TO_SAVE, "\n".join(statements)


def lines_of(app: Flask) -> int:
    """The number of changes in the history."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Change)) or 0
