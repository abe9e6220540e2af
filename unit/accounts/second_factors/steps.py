"""The steps of logging in with a second factor."""

from collections.abc import Callable
from datetime import UTC, datetime

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.accounts.authenticator.flows import use_code
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.extensions import db
from dashboard.testing.accounts import the_account

FACTOR = "/login/factor"
RECOVERY = f"{FACTOR}?way=recovery-code"
AUTHENTICATOR, CODES, OVERVIEW = (
    f"/profile/{page}" for page in ("authenticator", "recovery-codes", "second-factor")
)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
Begin = Callable[..., FlaskClient]


def is_in(client: FlaskClient) -> bool:
    """Whether a browser can open a page of the console."""
    return client.get("/admin/products/").status_code == 200


def lets_in(answer: TestResponse) -> bool:
    """Whether an answer leads into the console."""
    return answer.status_code == 303 and not str(answer.location).startswith("/login")


def row_of(app: Flask, who: str = "viewer") -> Authenticator | None:
    """The stored authenticator app of an account, detached."""
    with app.app_context():
        row = db.session.scalar(select(Authenticator).where(Authenticator.user_id == the_account(who).id))
        db.session.expunge_all()
        return row


def use(app: Flask, code: str, who: str = "viewer") -> bool:
    """Use a code of an account, and return whether it was accepted."""
    with app.app_context():
        return use_code(the_account(who), code)
