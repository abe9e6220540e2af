"""Requests open few transactions, and a broken connection is replaced."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask
from flask.testing import FlaskClient
from psycopg.pq import TransactionStatus
from sqlalchemy import event, text

from dashboard.database import engine as engine_setup
from dashboard.extensions import db
from dashboard.testing.catalogue import products
from unit.conftest import ClientAs, Submit

LIST = "/admin/products/"


@contextmanager
def connections(app: Flask) -> Iterator[dict[psycopg.Connection, set[TransactionStatus]]]:
    """The connections that run an application's statements, each with its transaction states."""
    seen: dict[psycopg.Connection, set[TransactionStatus]] = {}

    def note(connection: Any, *_: Any) -> None:
        driver = connection.connection.driver_connection
        seen.setdefault(driver, set()).add(driver.info.transaction_status)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "after_cursor_execute", note)
    yield seen
    event.remove(engine, "after_cursor_execute", note)


def break_connections(app: Flask) -> None:
    """End every connection of an application on the server."""
    with app.app_context():
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_reading_a_page_opens_no_transaction(app: Flask, client_as: ClientAs) -> None:
    client = client_as("editor")
    with connections(app) as used:
        assert client.get(LIST).status_code == 200
    assert list(used.values()) == [{TransactionStatus.IDLE}]


def test_saving_opens_a_transaction(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    client = client_as("editor")
    with connections(app) as used:
        submit(client, "/admin/categories/new/", name="Light")
    assert any(TransactionStatus.INTRANS in seen for seen in used.values())


@pytest.mark.parametrize("sort", ["-created", "name", "stock"])
def test_list_is_planned_once_and_not_for_every_page(app: Flask, client_as: ClientAs, sort: str) -> None:
    client, often = client_as("viewer"), 20
    with app.app_context():
        products(500)
        db.session.commit()
        db.session.execute(text("ANALYZE products"))
        db.session.commit()
    with connections(app) as used:
        for _ in range(often):
            assert client.get(LIST, query_string={"sort": sort, "size": "10"}).status_code == 200
    plans = "SELECT custom_plans FROM pg_prepared_statements WHERE statement LIKE '%sorted_by%'"
    custom = [number for connection in used for (number,) in connection.execute(plans)]
    assert custom
    assert sum(custom) < often / 2


def test_connection_that_broke_while_idle_is_replaced_unnoticed(
    app: Flask, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = client_as("viewer")
    assert client.get(LIST).status_code == 200
    monkeypatch.setattr(engine_setup, "IDLE_SECONDS", 0.0)
    break_connections(app)
    assert client.get(LIST).status_code == 200


def test_connection_that_breaks_in_use_fails_one_request_only(app: Flask, client_as: ClientAs) -> None:
    client: FlaskClient = client_as("viewer")
    assert client.get(LIST).status_code == 200
    break_connections(app)
    answer = client.get(LIST)
    assert (answer.status_code, "Retry-After" in answer.headers) == (503, True)
    assert client.get(LIST).status_code == 200
