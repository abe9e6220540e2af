"""The password between the two steps of a login."""

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD
from unit.accounts.second_factors.steps import Begin


@pytest.mark.security(81)
def test_password_is_kept_nowhere_until_the_second_step(app: Flask, seed: str, begin: Begin) -> None:
    """As CVE-2020-15105 of django-two-factor-auth, which kept it in the session until then."""
    cookie = begin().get_cookie("session")
    assert cookie is not None
    with app.app_context():
        held = app.session_interface.get_signing_serializer(app).loads(cookie.value)
        stored = [
            str(row) for table in db.metadata.sorted_tables for row in db.session.execute(select(table))
        ]
    assert PASSWORD not in str(held)
    assert not [row for row in stored if PASSWORD in row]
