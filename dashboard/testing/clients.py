"""Browsers of tests without a real one: they read answers whole, and log in without the form."""

from __future__ import annotations

from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.testing.accounts import a_session, the_account


class Client(FlaskClient):
    """A browser that reads every answer to its end, so that nothing of a request is open after it.

    ``buffered=False`` leaves that to the test.
    """

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        """Send a request."""
        return super().open(*args, buffered=buffered, **kwargs)


def log_in(client: FlaskClient, who: str) -> str:
    """Give a browser a live session of `who`, a role or an email, and return its token.

    The account of a role is created when it is first needed.
    """
    with client.application.app_context():
        token = a_session(the_account(who))
        db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
    return token
