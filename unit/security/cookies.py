"""Session cookies: reading and copying them."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PAGE = "/admin/products/"


def is_logged_in(client: FlaskClient) -> bool:
    """Whether a page that requires a login opens."""
    return client.get(PAGE).status_code == 200


def cookie_of(client: FlaskClient) -> str:
    """Return the session cookie of a browser."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """Return a new browser with this session cookie."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def token_in(client: FlaskClient) -> str:
    """Return the token in the session cookie of a browser."""
    with client.session_transaction() as session:
        return session["_user_id"]
