"""Accounts with the application's context pushed."""

from collections.abc import Iterator

import pytest
from flask import Flask

from dashboard.extensions import db


@pytest.fixture
def in_context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed, for tests that call flows themselves."""
    with app.app_context():
        yield app
        db.session.remove()
