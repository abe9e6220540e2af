"""Passwords of users with a second factor may be shorter, unless the setting says one length for all."""

from pathlib import Path

import pytest
from flask import Flask

from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, a_reset, the_account
from dashboard.testing.second_factors import an_authenticator
from unit.conftest import ClientAs, MakeApp, Submit

SHORT = "owl-9-fjord"  # 11 characters
NEW = {"password": SHORT, "confirm": SHORT}
TOO_SHORT = "Use at least 15 characters."


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """A console with the lengths of production."""
    return make_app(password_min_length=15, password_min_length_with_factor=8)


def give_factor(app: Flask) -> None:
    with app.app_context():
        an_authenticator(the_account("viewer"))
        db.session.commit()


@pytest.mark.security(3)
@pytest.mark.parametrize("has_factor", [False, True])
def test_profile_takes_a_shorter_password_with_a_factor(
    app: Flask, client_as: ClientAs, submit: Submit, has_factor: bool
) -> None:
    client = client_as("viewer")
    if has_factor:
        give_factor(app)
    answer = submit(client, "/profile/password", current=PASSWORD, **NEW)
    assert (answer.status_code, TOO_SHORT in answer.text) == ((303, False) if has_factor else (200, True))


@pytest.mark.security(3)
@pytest.mark.parametrize("has_factor", [False, True])
def test_reset_takes_a_shorter_password_with_a_factor(app: Flask, submit: Submit, has_factor: bool) -> None:
    with app.app_context():
        token = a_reset(the_account("viewer"))
        db.session.commit()
    if has_factor:
        give_factor(app)
    page = app.test_client().get(f"/reset?token={token}").text
    assert f"At least {8 if has_factor else 15} characters." in page
    answer = submit(app.test_client(), f"/reset?token={token}", **NEW)
    assert (answer.status_code, TOO_SHORT in answer.text) == ((303, False) if has_factor else (200, True))


def test_setting_of_one_length_holds_for_all(tmp_path: Path) -> None:
    usual = {
        "DASHBOARD_INSTANCE": str(tmp_path),
        "DASHBOARD_ENV": "production",
        "DASHBOARD_SECRET_KEY": "8f1c0e7a5b3d92647fe1a0c4b8d2963e",
        "DASHBOARD_BASE_URL": "https://console.example.org",
    }
    found = Settings.from_environment(usual)
    assert (found.password_min_length, found.password_min_length_with_factor) == (15, 8)
    found = Settings.from_environment({**usual, "DASHBOARD_PASSWORD_MIN_LENGTH": "20"})
    assert (found.password_min_length, found.password_min_length_with_factor) == (20, 20)
