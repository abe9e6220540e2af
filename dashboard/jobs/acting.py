"""Acting as the user who asked for a job: with that user's permissions of now, recorded under that name."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, g

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.number_form import DEFAULT, numbers_in
from dashboard.preferences import UTC_NAME, in_zone, preferring
from dashboard.refusal import Refusal

OWNER_LEFT = "The account that asked for it was deactivated or deleted."


@contextmanager
def acting_as(app: Flask, user_id: int, request_id: str, zone: str = UTC_NAME) -> Iterator[None]:
    """A context in which an account is logged in, as within a request; raises Refusal where it may not be.

    What permissions, the history and addresses ask of a request is answered here as it was when the user
    asked, but by the account as it is now. Days are those of the `zone` in which the user saw the list;
    numbers are written in one form, for files have them.
    """
    address = app.extensions["settings"].address
    with app.test_request_context(base_url=address), preferring(in_zone(zone)), numbers_in(DEFAULT):
        g.request_id = request_id
        user = db.session.get(User, user_id)
        if user is None or not user.active:
            raise Refusal(OWNER_LEFT)
        g._login_user = user  # where Flask-Login keeps the user of a request
        yield
