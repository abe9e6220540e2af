"""The console from end to end on PostgreSQL: make, find, change, export and delete each kind of record."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg import Cursor, ServerCursor
from sqlalchemy import event

from dashboard.catalogue.sample import load_sample
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from unit.admin.reading import flashes, read, record_form, row_titles
from unit.admin.screens import SCREENS, Screen
from unit.conftest import ClientAs, CountQueries

SORTS = {
    "products": ("name", "sku", "category", "price", "stock", "status", "created"),
    "categories": ("name", "products", "created"),
    "users": ("email", "name", "role", "state", "seen", "created"),
}


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    return client_as("owner")


@pytest.fixture
def sample(app: Flask) -> None:
    with app.app_context():
        load_sample()
        db.session.commit()


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_record_lives_from_creation_to_deletion(screen: Screen, owner: FlaskClient) -> None:
    form = record_form(owner.get(f"{screen.path}new/").text)
    assert is_redirect(owner.post(f"{screen.path}new/", data={**form, **screen.new}))
    listed = read(owner.get(f"{screen.path}?q={screen.new['name']}").text)
    details = listed.all("tbody")[0].all("a")[0].attributes["href"]
    assert owner.get(details).status_code == 200
    edit = details.replace("/details/", "/edit/")
    assert is_redirect(owner.post(edit, data={**record_form(owner.get(edit).text), **screen.change}))
    assert screen.change["name"] in owner.get(f"{screen.path}export/csv/").text
    delete = details.replace("/details/", "/delete/")
    deleted = owner.post(delete, data=record_form(owner.get(delete).text))
    assert is_redirect(deleted)
    assert flashes(owner.get(deleted.location).text)[-1][1].endswith(" deleted.")
    gone = owner.get(details)
    assert gone.status_code == 404 or gone.location.startswith("/admin/trash/")


def test_paging_visits_every_product_once_in_every_order(owner: FlaskClient, sample: None) -> None:
    for sort in (sign + name for name in SORTS["products"] for sign in ("", "-")):
        seen: list[str] = []
        for page in (1, 2):
            seen += row_titles(owner.get(f"/admin/products/?sort={sort}&size=100&page={page}").text)
        assert len(seen) == len(set(seen)) == 200, sort


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_record_can_be_opened_from_its_list_in_every_order(
    screen: Screen, owner: FlaskClient, client_as: ClientAs, sample: None
) -> None:
    client_as("viewer")
    for sort in (sign + name for name in SORTS[screen.name] for sign in ("", "-")):
        first = read(owner.get(f"{screen.path}?sort={sort}").text).all("tbody")[0].all("a")[0]
        page = read(owner.get(first.attributes["href"]).text)
        assert page.all("h1")[0].text == first.text, sort


def test_search_finds_whatever_the_case_and_takes_signs_literally(owner: FlaskClient, app: Flask) -> None:
    with app.app_context():
        for name in ("ÉCLAIR 50%_", "eclair 50xx", "Plain\\"):
            a_product(name)
        db.session.commit()

    def titles(query: str) -> list[str]:
        return row_titles(owner.get("/admin/products/", query_string={"q": query}).text)

    assert titles("50%_") == ["ÉCLAIR 50%_"]
    assert sorted(titles("éclair")) == sorted(titles("ECLAIR")) == ["eclair 50xx", "ÉCLAIR 50%_"]
    assert titles("ain\\") == ["Plain\\"]


def test_an_export_is_fetched_in_pieces_and_not_all_at_once(
    app: Flask, owner: FlaskClient, sample: None
) -> None:
    cursors: list[object] = []

    def note(_connection: object, cursor: object, statement: str, *_rest: object) -> None:
        if "products" in statement:
            cursors.append(cursor)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert len(owner.get("/admin/products/export/csv/").text.splitlines()) >= 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    counting, *reading = map(type, cursors)  # the history says how many there were
    assert (counting, reading) == (Cursor, [ServerCursor])


def test_the_home_counts_the_same_as_elsewhere(owner: FlaskClient, sample: None) -> None:
    home = read(owner.get("/admin/").text)
    assert home.all("ul", class_="figures")[0].all("strong")[0].text == "200"


@pytest.mark.parametrize("screen", SCREENS, ids=str)
def test_a_list_takes_few_queries(
    screen: Screen, owner: FlaskClient, sample: None, count_queries: CountQueries
) -> None:
    owner.get(screen.path)
    with count_queries() as statements:
        owner.get(f"{screen.path}?size=100&q=a")
    assert len(statements) <= 6, statements
