"""Choosing in the profile where one starts, and starting."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.accounts import PASSWORD, email_of
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read

USUAL = "/admin/products/"


def profile_form(client: FlaskClient) -> Any:
    """The form with the details of the profile."""
    return details(client.get("/profile").text)


def details(page: str) -> Any:
    """That form on a page; messages have a form of the same address."""
    return read(page).all("form", action="/profile", method="post")[0]


def options(client: FlaskClient) -> dict[str, str]:
    """The choices of where to start: their labels, by the values."""
    [select] = profile_form(client).all("select", name="start")
    return {each.attributes["value"]: each.text for each in select.all("option")}


def ask_for(client: FlaskClient, choice: str) -> TestResponse:
    """Save the profile with a choice, whether it is offered or not."""
    return client.post("/profile", data={**profile_form(client).fields, "start": choice})


def choose(client: FlaskClient, choice: str) -> None:
    """Choose what to start with."""
    assert is_redirect(ask_for(client, choice))
    assert chosen(client) == choice


def chosen(client: FlaskClient) -> str:
    """The choice that the profile shows."""
    return str(profile_form(client).fields["start"])


def log_in(client: FlaskClient, who: str, next_address: str = "") -> TestResponse:
    """Log in by the form, as a role or an email."""
    address = f"/login?next={next_address}" if next_address else "/login"
    email = who if "@" in who else email_of(who)
    token = read(client.get(address).text).fields["csrf_token"]
    return client.post(address, data={"csrf_token": token, "email": email, "password": PASSWORD})
