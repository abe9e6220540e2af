"""A server that takes no writes for a time, as a standby does that was the primary before."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import func, select, text

from dashboard.catalogue.models import Category
from dashboard.database.errors import Outage
from dashboard.errors import OUTAGES
from dashboard.extensions import db
from dashboard.ops import health
from dashboard.testing.answers import is_redirect
from unit.conftest import MakeApp, Submit


@pytest.fixture
def console(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console that tries to write at every check."""
    monkeypatch.setattr(health, "WRITE_EVERY_SECONDS", 0)
    return make_app()


@pytest.fixture
def read_only(app: Flask, console: Flask) -> Callable[[str], None]:
    """`read_only("on")` lets every new connection of the console be read-only."""

    def read_only(value: str) -> None:
        with app.app_context():
            name = db.engine.url.database
            with db.engine.connect() as connection, connection.begin():
                connection.execute(text("SET TRANSACTION READ WRITE"))
                connection.execute(text(f"ALTER DATABASE {name} SET default_transaction_read_only = {value}"))
            db.engine.dispose()

    return read_only


def test_save_is_refused_while_read_only_and_works_afterwards(
    console: Flask,
    log_in: Callable[[FlaskClient, str], str],
    submit: Submit,
    read_only: Callable[[str], None],
) -> None:
    client = console.test_client()
    log_in(client, "editor")
    with console.app_context():
        db.engine.dispose()
    read_only("on")
    try:
        assert client.get("/admin/products/").status_code == 200
        refused = submit(client, "/admin/categories/new/", name="Garden")
        unready = client.get("/readyz")
    finally:
        read_only("off")
    assert (refused.status_code, unready.status_code) == (503, 503)
    assert escape(OUTAGES[Outage.READ_ONLY][1]) in refused.text
    assert unready.json
    assert unready.json["database"] == "read-only"
    assert client.get("/readyz").status_code == 200
    assert is_redirect(submit(client, "/admin/categories/new/", name="Garden"))
    with console.app_context():
        assert db.session.scalar(select(func.count(Category.id))) == 1
