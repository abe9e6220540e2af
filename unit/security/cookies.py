"""Session cookies, as those see them who copy one."""

from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

PAGE = "/admin/products/"


def is_logged_in(client: FlaskClient) -> bool:
    """Whether a page of the console opens."""
    return client.get(PAGE).status_code == 200


def cookie_of(client: FlaskClient) -> str:
    """The session cookie that a browser holds."""
    cookie = client.get_cookie("session")
    assert cookie is not None
    return cookie.value


def with_cookie(app: Flask, value: str) -> FlaskClient:
    """A new browser that somebody put a session cookie into."""
    client = app.test_client()
    client.set_cookie("session", value)
    return client


def token_in(client: FlaskClient) -> str:
    """The token of the session that a browser holds."""
    with client.session_transaction() as session:
        return session["_user_id"]
