"""Users with an authenticator app, at a clock that stands still."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.second_factors import an_authenticator, recovery_codes
from unit.accounts.second_factors.steps import FACTOR, NOON, Begin
from unit.conftest import SetClock, Submit


@pytest.fixture(autouse=True)
def _noon(set_clock: SetClock) -> None:
    set_clock(NOON)


@pytest.fixture
def seed(app: Flask, _noon: None) -> str:
    """The seed of the authenticator app of the viewer."""
    with app.app_context():
        made = an_authenticator(the_account("viewer"))
        db.session.commit()
        return made


@pytest.fixture
def codes(app: Flask, seed: str) -> list[str]:
    """The recovery codes of the viewer, who has an authenticator app too."""
    with app.app_context():
        made = recovery_codes(the_account("viewer"))
        db.session.commit()
        return made


@pytest.fixture
def begin(app: Flask, submit: Submit) -> Begin:
    """`begin(who)` is a browser whose user has entered the password and is asked for the second factor."""

    def begin(who: str = "viewer", goal: str = "", address: str = "127.0.0.1") -> FlaskClient:
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = address
        query = f"?next={goal}" if goal else ""
        answer = submit(client, f"/login{query}", email=email_of(who), password=PASSWORD)
        assert is_redirect(answer)
        assert answer.location.startswith(FACTOR)
        return client

    return begin
