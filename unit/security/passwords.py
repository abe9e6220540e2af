"""Registering and logging in with a password, and its hash as it is stored."""

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import Submit
from unit.field_errors import field_error

LONG = "plum orbit lantern 42, " * 45  # 1,035 characters


def send_registration(
    submit: Submit, client: FlaskClient, password: str, email: str = "kim@example.test"
) -> TestResponse:
    """Register with a password typed twice."""
    return submit(client, "/register", email=email, password=password, confirm=password)


def registers(submit: Submit, client: FlaskClient, password: str) -> bool:
    """Whether registering with a password makes an account."""
    return is_redirect(send_registration(submit, client, password))


def refusal(submit: Submit, client: FlaskClient, password: str, email: str = "kim@example.test") -> str:
    """Return why registering with a password is refused."""
    answer = send_registration(submit, client, password, email)
    assert answer.status_code == 200
    return field_error(answer.text, "password")


def logs_in(submit: Submit, app: Flask, password: str, email: str = "kim@example.test") -> bool:
    """Whether a new browser can log in with a password."""
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


def stored_hash(app: Flask, email: str = "viewer@example.test") -> str:
    """Return the hash of an account's password."""
    with app.app_context():
        return the_account(email).password_hash
