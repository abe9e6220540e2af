"""A locked row makes a save wait for a bounded time, as SQLite's one lock does."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection, text

from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.catalogue import a_product
from unit.conftest import ClientAs, Submit


def test_save_stops_waiting_for_a_row_and_says_when_to_retry(
    impatient: Flask, client_as: ClientAs, log_in: ClientAs, submit: Submit, another_user: Connection
) -> None:
    with impatient.app_context():
        key = a_product().id
        db.session.commit()
    client: FlaskClient = impatient.test_client()
    log_in(client, "editor")
    another_user.execute(text("SELECT id FROM products WHERE id = :key FOR UPDATE"), {"key": key})
    answer = submit(client, f"/admin/products/delete/?id={key}", id=str(key))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    another_user.rollback()
    with impatient.app_context():
        assert db.session.get(Product, key) is not None


def test_every_connection_waits_for_locks_as_long_as_sqlite_does(app: Flask) -> None:
    with app.app_context():
        assert db.session.scalar(text("SHOW lock_timeout")) == "5s"
