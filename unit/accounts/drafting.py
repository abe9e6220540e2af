"""Drafts in tests: how many are stored, and what the fixtures of forms sent too late are."""

from collections.abc import Callable

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from dashboard.accounts.drafts import FormDraft
from dashboard.extensions import db

LogIn = Callable[..., TestResponse]
Late = Callable[[str], FlaskClient]


def drafts(app: Flask) -> int:
    """How many drafts are stored."""
    with app.app_context():
        return db.session.scalar(select(func.count(FormDraft.id))) or 0


def log_and_return(app: Flask, log_in: LogIn) -> FlaskClient:
    """Another browser of the owner."""
    client = app.test_client()
    log_in(client, "/login")
    return client
