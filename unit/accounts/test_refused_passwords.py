"""Reasons why a password is refused: when registering, joining, resetting and changing it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, a_reset, an_account, an_invitation
from unit.conftest import ClientAs, MakeApp, Submit
from unit.field_errors import field_error

NEWCOMER = "newcomer@example.test"
TOO_COMMON = "This password is too common or too easy to guess. Try a few unrelated words."
REFUSED = {
    "": "Choose a password.",
    "Ab3$xyz": "Use at least 8 characters.",
    "x" * 1025: "Use at most 1,024 characters; this has 1,025.",
    "password": TOO_COMMON,
    "12345678": TOO_COMMON,
    "qwertyuiop": TOO_COMMON,
    "letmein1": TOO_COMMON,
    "password123": TOO_COMMON,
    "staff console": "Don't base the password on “staff console”.",
}
OF_THE_EMAIL = "Don't base the password on “newcomer”."

each_refusal = pytest.mark.parametrize(
    ("password", "reason"), [*REFUSED.items(), ("newcomer1", OF_THE_EMAIL)], ids=lambda text: text[:20]
)


@each_refusal
def test_registering_says_why(client: FlaskClient, submit: Submit, password: str, reason: str) -> None:
    page = submit(client, "/register", email=NEWCOMER, password=password, confirm=password)
    assert page.status_code == 200
    assert field_error(page.text, "password") == reason


@each_refusal
def test_joining_says_why(
    app: Flask, client: FlaskClient, submit: Submit, password: str, reason: str
) -> None:
    with app.app_context():
        _, token = an_invitation(NEWCOMER)
        db.session.commit()
    page = submit(client, f"/invitation?token={token}", name="", password=password, confirm=password)
    assert page.status_code == 200
    assert field_error(page.text, "password") == reason


@each_refusal
def test_resetting_says_why(
    app: Flask, client: FlaskClient, submit: Submit, password: str, reason: str
) -> None:
    with app.app_context():
        token = a_reset(an_account(email=NEWCOMER))
        db.session.commit()
    page = submit(client, f"/reset?token={token}", password=password, confirm=password)
    assert page.status_code == 200
    assert field_error(page.text, "password") == reason


@pytest.mark.parametrize(
    ("password", "reason"), {**REFUSED, "": "Choose a new password."}.items(), ids=lambda text: text[:20]
)
def test_password_change_says_why(client_as: ClientAs, submit: Submit, password: str, reason: str) -> None:
    fields = {"current": PASSWORD, "password": password, "confirm": password}
    page = submit(client_as("viewer"), "/profile/password", **fields)
    assert page.status_code == 200
    assert field_error(page.text, "password") == reason


@pytest.mark.parametrize(
    ("current", "confirm", "field", "reason"),
    [
        ("", "copper meadow whistle", "current", "Enter your current password."),
        ("not it", "copper meadow whistle", "current", "The current password is incorrect."),
        (PASSWORD, "copper meadow whistle ", "confirm", "The passwords don't match."),
    ],
)
def test_password_change_asks_for_the_current_one_and_the_new_one_twice(
    client_as: ClientAs, submit: Submit, current: str, confirm: str, field: str, reason: str
) -> None:
    fields = {"current": current, "password": "copper meadow whistle", "confirm": confirm}
    page = submit(client_as("viewer"), "/profile/password", **fields)
    assert field_error(page.text, field) == reason


@pytest.mark.parametrize(
    ("mode", "title"), [("invite", "By invitation only"), ("closed", "Registration is closed")]
)
def test_closed_registration_says_so_and_has_no_form(
    make_app: MakeApp, client_as: ClientAs, mode: str, title: str
) -> None:
    client_as("owner")  # the first account can always register
    page = make_app(registration=mode).test_client().get("/register")
    assert page.status_code == 403
    assert title in page.text
    assert 'name="password"' not in page.text
