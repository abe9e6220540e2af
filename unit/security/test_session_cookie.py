"""Security lines 34 to 38: the session cookie, logging out, and nothing left in the cache."""

from collections.abc import Callable
from http import HTTPStatus

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.models import UserSession
from dashboard.accounts.register.setup_link import setup_token
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Submit
from unit.security.cookies import cookie_of, is_logged_in
from unit.security.forms import register_through
from unit.surface import addresses


def set_by(answer: TestResponse, name: str) -> dict[str, str | None]:
    """Return the cookie of this name that an answer sets, without its value."""
    (header,) = (each for each in answer.headers.getlist("Set-Cookie") if each.startswith(f"{name}="))
    cookie = attributes(header)
    assert cookie.pop("value")
    return cookie


def attributes(header: str) -> dict[str, str | None]:
    """Return a Set-Cookie header as its name, value and attributes."""
    pairs = [part.strip().partition("=") for part in header.split(";")]
    (name, _, value), *rest = pairs
    return {"name": name, "value": value, **{key: val or None for key, _, val in rest}}


@pytest.mark.security(34)
class TestTheCookie:
    @pytest.mark.security(35)
    def test_production_cookie_is_bound_to_host_and_https(
        self, make_production: Callable[..., Flask]
    ) -> None:
        app = make_production()
        address = f"/register?setup={setup_token(app)}"
        answer = register_through(app.test_client(), address, "first@example.test")
        strict = {"Path": "/", "HttpOnly": None, "SameSite": "Lax", "Secure": None}
        assert set_by(answer, "__Host-session") == {"name": "__Host-session", **strict}
        device = set_by(answer, "__Host-device")
        assert device.pop("Max-Age") == str(90 * 24 * 3600)
        assert device.pop("Expires")
        assert device == {"name": "__Host-device", **strict}

    @pytest.mark.security(35)
    def test_development_cookie_is_httponly_and_same_site(
        self, peopled: Flask, client: FlaskClient, submit: Submit
    ) -> None:
        answer = submit(client, "/login", email="viewer@example.test", password=PASSWORD)
        usual = {"Path": "/", "HttpOnly": None, "SameSite": "Lax"}
        assert set_by(answer, "session") == {"name": "session", **usual}
        assert set_by(answer, "device").items() > usual.items()

    def test_colour_mode_cookie_is_secure_in_production(self, production: FlaskClient) -> None:
        page = production.get("/login").text
        token = page.partition('name="csrf_token" value="')[2].partition('"')[0]
        answer = production.post("/mode", data={"mode": "dark", "csrf_token": token})
        mode = next(h for h in answer.headers.getlist("Set-Cookie") if h.startswith("mode="))
        assert {"HttpOnly", "SameSite", "Secure"} < attributes(mode).keys()

    def test_production_ignores_the_development_cookie(
        self, production: FlaskClient, client_as: ClientAs
    ) -> None:
        production.set_cookie("session", cookie_of(client_as("viewer")), domain="console.example.org")
        assert is_redirect(production.get("/admin/"))


@pytest.mark.security(36)
class TestLogout:
    @pytest.mark.parametrize("method", ["get", "head", "put", "delete", "patch"])
    def test_only_a_post_logs_out(self, client_as: ClientAs, method: str) -> None:
        client = client_as("viewer")
        answer = getattr(client, method)("/logout")
        assert answer.status_code in (400, 405)
        assert is_logged_in(client)

    def test_get_of_logout_is_405_and_names_post(self, client_as: ClientAs) -> None:
        answer = client_as("viewer").get("/logout")
        assert answer.status_code == HTTPStatus.METHOD_NOT_ALLOWED
        assert set(answer.headers["Allow"].split(", ")) == {"POST", "OPTIONS"}

    @pytest.mark.parametrize("data", [{}, {"csrf_token": ""}, {"csrf_token": "forged"}])
    def test_logout_needs_a_valid_csrf_token(self, client_as: ClientAs, data: dict[str, str]) -> None:
        client = client_as("viewer")
        assert client.post("/logout", data=data).status_code == 400
        assert is_logged_in(client)

    def test_logout_deletes_the_session_row(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        mine, other = client_as("viewer"), client_as("viewer")
        submit(mine, "/logout")
        assert is_logged_in(other)
        with peopled.app_context():
            assert db.session.scalar(select(func.count(UserSession.id))) == 1

    @pytest.mark.security(37)
    def test_logout_clears_the_browser_cache(self, client_as: ClientAs, submit: Submit) -> None:
        assert submit(client_as("viewer"), "/logout").headers["Clear-Site-Data"] == '"cache"'


@pytest.mark.security(38)
def test_no_page_of_a_logged_in_user_is_cached(peopled: Flask, client_as: ClientAs) -> None:
    client = client_as("owner")
    cached = {}
    for address in addresses(peopled, "GET"):
        answer = client.get(address)
        if answer.headers.get("Cache-Control") != "no-store":
            cached[address] = answer.headers.get("Cache-Control")
    assert cached == {}


@pytest.mark.security(38)
@pytest.mark.parametrize("path", ["/admin/users/", "/profile", "/login", "/nowhere", "/logout"])
def test_no_redirect_or_error_is_cached(client_as: ClientAs, client: FlaskClient, path: str) -> None:
    for browser in (client_as("viewer"), client):
        assert browser.get(path).headers["Cache-Control"] == "no-store"
