"""Fixtures for forms that are sent after their session expired."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.sessions import IDLE
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_category, a_product
from unit.accounts.drafting import NOON, Enter, Late
from unit.accounts.proving import Stale
from unit.conftest import ClientAs, Csrf, SetClock, Submit


@pytest.fixture
def stored(app: Flask) -> dict[str, int]:
    """Return the ids of a product, a category and an account that can be changed."""
    with app.app_context():
        found = {"category": a_category(name="Stools").id, "product": a_product(name="Oak Lamp").id}
        found["user"] = the_account("viewer").id
        db.session.commit()
        return found


@pytest.fixture
def enter(submit: Submit) -> Enter:
    """`enter(client, location, who)` logs in at `location`; the answer is the page that it leads to."""

    def enter(client: FlaskClient, location: str, who: str = "owner") -> TestResponse:
        answer = submit(client, location, email=email_of(who), password=PASSWORD)
        assert is_redirect(answer)
        return client.get(answer.location)

    return enter


@pytest.fixture
def late(client_as: ClientAs, csrf: Csrf, set_clock: SetClock) -> Late:
    """`late(who)` returns a browser whose session expired without use while a form was open."""
    set_clock(NOON)

    def late(who: str = "owner") -> FlaskClient:
        client = client_as(who)
        csrf(client)
        set_clock(IDLE)
        return client

    return late


@pytest.fixture
def stale(client_as: ClientAs, csrf: Csrf, set_clock: SetClock) -> Stale:
    """`stale(who)` returns a browser whose user proved who they are a little too long ago."""
    set_clock(NOON)

    def stale(who: str = "owner") -> FlaskClient:
        client = client_as(who)
        csrf(client)
        set_clock(FRESH_FOR + timedelta(seconds=1))
        return client

    return stale
