"""Two people write at the same moment about categories: PostgreSQL admits both."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from dashboard.catalogue.flows import CATEGORY_FILLED
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.catalogue import a_category, a_product
from unit.admin.reading import field_errors, flashes, record_form
from unit.conftest import ClientAs, Csrf
from unit.history.reading import change_sets, lines
from unit.postgres.blocking import ROUNDS, Send, blocked_by, recorded, together


def test_category_name_taken_in_another_case_while_saving_is_refused(
    app: Flask, client_as: ClientAs, csrf: Csrf
) -> None:
    made = []
    for number in range(ROUNDS):
        names = f"lighting {number}", f"LIGHTING {number}"
        both = [a_new_category(client_as("editor"), csrf, name) for name in names]
        assert sorted(together(*(send for _, send in both))) == [200, 303]
        answers = {name: answer for name, ((answer,), _) in zip(names, both, strict=True)}
        [(winner, _)] = [each for each in answers.items() if each[1].status_code == 303]
        [(loser, refused)] = [each for each in answers.items() if each[0] != winner]
        assert field_errors(refused.text) == {
            "name": f"The name of the category “{winner}” looks the same. Choose another."
        }
        assert record_form(refused.text)["name"] == loser
        made.append(winner)
    with app.app_context():
        assert list(db.session.scalars(text("SELECT name FROM categories ORDER BY id"))) == made
        assert [line[2] for line in lines() if line[0] == "categories"] == ["create"] * ROUNDS


def a_new_category(client: FlaskClient, csrf: Csrf, name: str) -> tuple[list[TestResponse], Send]:
    """Fill in the form of a new category, to be sent later."""
    data = {"name": name, "csrf_token": csrf(client)}
    return recorded(lambda: client.post("/admin/categories/new/", data=data))


@pytest.fixture
def apart(app: Flask) -> tuple[int, int]:
    """A category, and a product without a category."""
    with app.app_context():
        shelf, key = a_category("Lighting").id, a_product().id
        db.session.commit()
    return shelf, key


def test_category_filled_while_it_is_being_deleted_stays(
    app: Flask, client_as: ClientAs, csrf: Csrf, another_user: Connection, apart: tuple[int, int]
) -> None:
    shelf, key = apart
    editor = client_as("editor")
    data = {"id": str(shelf), "csrf_token": csrf(editor)}
    another_user.execute(text(f"UPDATE products SET category_id = {shelf} WHERE id = {key}"))
    status = blocked_by(another_user, lambda: editor.post("/admin/categories/delete/", data=data).status_code)
    assert status == 303
    assert flashes(editor.get("/admin/categories/").text) == [("error", CATEGORY_FILLED)]
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM categories")) == 1
        assert db.session.get_one(Product, key).category_id == shelf


def test_category_deleted_while_products_move_to_it_is_reported(
    app: Flask, client_as: ClientAs, csrf: Csrf, another_user: Connection, apart: tuple[int, int]
) -> None:
    shelf, key = apart
    editor = client_as("editor")
    begun = {"action": "edit", "rowid": str(key), "next": "/admin/products/", "csrf_token": csrf(editor)}
    form = record_form(editor.post("/admin/products/action/", data=begun).text)
    form["category"] = str(shelf)
    data = {**record_form(editor.post("/admin/products/action/", data=form).text), "confirm": "1"}
    another_user.execute(text("DELETE FROM categories"))
    assert (
        blocked_by(another_user, lambda: editor.post("/admin/products/action/", data=data).status_code) == 303
    )
    assert flashes(editor.get("/admin/products/").text) == [
        ("error", "This category no longer exists. Choose another.")
    ]
    with app.app_context():
        product = db.session.get_one(Product, key)
        assert (product.category_id, product.version) == (None, 1)


def test_category_deleted_during_a_revert_to_it_stops_the_revert(
    app: Flask, client_as: ClientAs, csrf: Csrf, another_user: Connection
) -> None:
    with app.app_context():
        shelf = a_category("Lighting")
        key = a_product(category=shelf).id
        db.session.commit()
        db.session.get_one(Product, key).category = None
        db.session.commit()
        taken_away = change_sets()[-1].id
    editor = client_as("editor")
    data = {"set": str(taken_away), "next": "/admin/products/", "csrf_token": csrf(editor)}
    another_user.execute(text("DELETE FROM categories"))
    assert blocked_by(another_user, lambda: editor.post("/admin/revert/", data=data).status_code) == 303
    assert flashes(editor.get("/admin/products/").text) == [
        ("error", "Nothing was reverted: the category that it had is gone.")
    ]
    with app.app_context():
        assert db.session.get_one(Product, key).category_id is None
