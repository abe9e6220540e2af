"""Two people write at the same moment: PostgreSQL admits both, so the console has to decide."""

from collections.abc import Callable
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, func, select, text
from werkzeug.test import TestResponse

from dashboard.accounts.login.views import WRONG
from dashboard.accounts.models import User, UserSession
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import PASSWORD, an_account
from dashboard.testing.catalogue import a_product
from unit.admin.reading import field_errors, read, record_form
from unit.conftest import ClientAs, Csrf
from unit.history.reading import change_sets
from unit.postgres.blocking import PATIENCE_SECONDS, ROUNDS, Send, blocked_by, recorded, together


@pytest.mark.security(31, 32)
@pytest.mark.parametrize("change", ["password_hash = 'gone'", "active = false"])
def test_login_while_the_account_changes_starts_no_session(
    change: str, app: Flask, client: FlaskClient, csrf: Csrf, another_user: Connection
) -> None:
    """A session that began while all others were ended would outlive them."""
    with app.app_context():
        an_account(email="kim@example.test")
        db.session.commit()
    form = {"email": "kim@example.test", "password": PASSWORD, "csrf_token": csrf(client)}
    another_user.execute(text(f"UPDATE users SET {change}"))
    answers, send = recorded(lambda: client.post("/login", data=form))
    assert blocked_by(another_user, send) == 200
    assert WRONG in answers[0].text
    with app.app_context():
        assert db.session.scalars(select(UserSession)).all() == []


def owners(app: Flask) -> int:
    with app.app_context():
        statement = select(func.count()).where(User.role == Role.OWNER, User.active.is_(True))
        return db.session.scalar(statement) or 0


@pytest.mark.security(56)
@pytest.mark.parametrize("what", ["deactivate", "delete", "edit"])
def test_two_owners_who_remove_each_other_leave_one(what: str, app: Flask, client_as: ClientAs) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            db.session.execute(text("TRUNCATE users CASCADE"))
            keys = [an_account("owner", email=f"o{n}{number}@example.test").id for n in range(2)]
            db.session.commit()
        clients = [client_as(f"o{n}{number}@example.test") for n in range(2)]
        sends = [a_send(client, what, key) for client, key in zip(clients, reversed(keys), strict=True)]
        assert max(together(*sends)) < 500
        assert owners(app) == 1


def a_send(client: FlaskClient, what: str, key: int) -> Send:
    """Open a form now, to be sent later."""
    form = record_form(client.get(f"/admin/users/edit/?id={key}").text)
    data = {**form, "id": str(key), "role": "viewer"}
    return lambda: client.post(f"/admin/users/{what}/?id={key}", data=data).status_code


def test_two_first_registrations_make_one_owner(app: Flask, csrf: Csrf) -> None:
    for number in range(ROUNDS):
        with app.app_context():
            db.session.execute(text("TRUNCATE users CASCADE"))
            db.session.commit()
        sends = [a_registration(app, csrf, f"p{n}{number}@example.test") for n in range(3)]
        assert together(*sends) == [303, 303, 303]
        assert owners(app) == 1
        with app.app_context():
            roles = sorted(db.session.scalars(select(User.role)))
        assert roles == [Role.OWNER, Role.VIEWER, Role.VIEWER]


def a_registration(app: Flask, csrf: Csrf, email: str) -> Send:
    """Fill in the registration form in a new browser, to be sent later."""
    return recorded_registration(app, csrf, email)[1]


def recorded_registration(app: Flask, csrf: Csrf, email: str) -> tuple[list[TestResponse], Send]:
    browser = app.test_client()
    data = {"email": email, "password": PASSWORD, "confirm": PASSWORD, "csrf_token": csrf(browser)}
    return recorded(lambda: browser.post("/register", data=data))


def test_second_of_two_registrations_with_one_email_is_refused(app: Flask, csrf: Csrf) -> None:
    first, second = (recorded_registration(app, csrf, "ada@example.test") for _ in range(2))
    assert sorted(together(first[1], second[1])) == [200, 303]
    [refused] = [answer for (answer,), _ in (first, second) if answer.status_code == 200]
    assert field_errors(refused.text) == {"email": "An account with this email already exists."}
    with app.app_context():
        assert list(db.session.scalars(select(User.email))) == ["ada@example.test"]
        assert len(db.session.scalars(select(UserSession)).all()) == 1


ROW = "created_at, updated_at, version) VALUES ({}, now(), now(), 1)"
TAKEN = {
    "products": (
        "INSERT INTO products (sku, name, description, price, currency, stock, status, "
        + ROW.format("'LMP-1', 'x', '', 1, 'EUR', 1, 'draft'"),
        {"sku": "LMP-1", "name": "Oak Lamp", "price": "1", "currency": "EUR", "stock": "1", "status": "draft",
         "category": ""},
        {"sku": "This SKU is already in use."},
    ),
    "categories": (
        "INSERT INTO categories (name, " + ROW.format("'Lighting'"),
        {"name": "Lighting"},
        {"name": "This name is already in use."},
    ),
    "users": (
        "INSERT INTO users (email, name, password_hash, role, active, "
        + ROW.format("'ada@example.test', '', 'x', 'viewer', true"),
        {"email": "ada@example.test", "role": "viewer", "password": PASSWORD, "confirm": PASSWORD},
        {"email": "An account with this email already exists."},
    ),
}  # fmt: skip


@pytest.mark.parametrize("screen", TAKEN)
def test_value_taken_while_saving_is_reported_on_its_field(
    screen: str, app: Flask, client_as: ClientAs, csrf: Csrf, another_user: Connection
) -> None:
    statement, fields, errors = TAKEN[screen]
    owner = client_as("owner")
    data = {**fields, "csrf_token": csrf(owner)}
    answers, send = recorded(lambda: owner.post(f"/admin/{screen}/new/", data=data))
    with app.app_context():
        before = change_sets()[-1].id
    another_user.execute(text(statement))
    assert blocked_by(another_user, send) == 200
    assert field_errors(answers[0].text) == errors
    typed = record_form(answers[0].text)
    assert {name: typed[name] for name in fields.keys() - {"password", "confirm"}}.items() <= fields.items()
    with app.app_context():
        assert change_sets()[-1].id == before


def test_record_changed_while_it_is_being_saved_is_a_conflict(
    app: Flask, client_as: ClientAs, another_user: Connection
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    form = record_form(editor.get(f"/admin/products/edit/?id={key}").text)
    another_user.execute(text("UPDATE products SET name = 'Theirs', version = version + 1"))
    data = {**form, "name": "Mine"}
    answers, send = recorded(lambda: editor.post(f"/admin/products/edit/?id={key}", data=data))
    assert blocked_by(another_user, send) == 409
    assert "Another user saved changes while you were editing." in answers[0].text
    with app.app_context():
        assert db.session.scalar(text("SELECT name FROM products")) == "Theirs"


def saved_during(app: Flask, client_as: ClientAs, change: Callable[[Product], None]) -> TestResponse:
    """Save a price and a name while another user's `change` is not committed, and return the answer."""
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor, address = client_as("editor"), f"/admin/products/edit/?id={key}"
    data = {**record_form(editor.get(address).text), "name": "Mine", "price": "99.00"}
    answers, send = recorded(lambda: editor.post(address, data=data))
    with app.app_context():
        change(db.session.get_one(Product, key))
        db.session.flush()
        blocked_by(db.session.connection(), send, db.session.commit)
    return answers[0]


def test_record_changed_while_it_is_being_saved_is_merged(app: Flask, client_as: ClientAs) -> None:
    def rename(product: Product) -> None:
        product.name, product.stock = "Theirs", 3

    answer = saved_during(app, client_as, rename)
    assert answer.status_code == 409
    page = read(answer.text)
    radios = page.all("fieldset")[0].all("input", type="radio")
    assert [radio.attributes["value"] for radio in radios] == ["Mine", "Theirs", "Oak Lamp"]
    merged = record_form(answer.text)
    assert (merged["price"], merged["stock"]) == ("99.00", "3")
    with app.app_context():
        row = db.session.execute(text("SELECT name, stock, price FROM products")).one()
        assert (row.name, row.stock, int(row.price)) == ("Theirs", 3, 12)


def test_record_deleted_while_it_is_being_saved_shows_the_typed_values(
    app: Flask, client_as: ClientAs
) -> None:
    answer = saved_during(app, client_as, db.session.delete)
    assert answer.status_code == 404
    assert "Mine" in answer.text
    with app.app_context():
        assert db.session.scalar(text("SELECT count(*) FROM products")) == 0


def test_form_opens_at_once_while_the_leases_are_locked(
    app: Flask, client_as: ClientAs, another_user: Connection
) -> None:
    with app.app_context():
        key = a_product("Oak Lamp").id
        db.session.commit()
    editor = client_as("editor")
    another_user.execute(text("LOCK TABLE edit_leases IN EXCLUSIVE MODE"))
    started = monotonic()
    assert editor.get(f"/admin/products/edit/?id={key}").status_code == 200
    assert monotonic() - started < PATIENCE_SECONDS / 4
    assert another_user.scalar(text("SELECT count(*) FROM edit_leases")) == 0
