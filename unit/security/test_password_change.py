"""Security line 10: changing a password needs the current one."""

import pytest
from flask import Flask

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Submit
from unit.field_errors import field_error
from unit.security.passwords import LONG, logs_in, stored_hash


@pytest.mark.security(10)
class TestAChangeNeedsTheCurrentPassword:
    @pytest.mark.parametrize(
        ("current", "error"),
        [
            ("", "Enter your current password."),
            ("wrong", "The current password is incorrect."),
            (PASSWORD + " ", "The current password is incorrect."),
            (PASSWORD.upper(), "The current password is incorrect."),
            (LONG, "The current password is incorrect."),
        ],
    )
    def test_password_change_needs_the_current_password(
        self, app: Flask, client_as: ClientAs, submit: Submit, current: str, error: str
    ) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        page = submit(
            client, "/profile/password", current=current, password=NEW_PASSWORD, confirm=NEW_PASSWORD
        )
        assert page.status_code == 200
        assert field_error(page.text, "current") == error
        assert stored_hash(app) == before

    def test_password_change_without_the_current_field_is_refused(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        page = submit(client, "/profile/password", password=NEW_PASSWORD, confirm=NEW_PASSWORD)
        assert field_error(page.text, "current") == "Enter your current password."
        assert stored_hash(app) == before

    def test_after_a_change_only_the_new_password_logs_in(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        fields = {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
        assert is_redirect(submit(client_as("viewer"), "/profile/password", **fields))
        assert logs_in(submit, app, NEW_PASSWORD, "viewer@example.test")
        assert not logs_in(submit, app, PASSWORD, "viewer@example.test")

    def test_profile_form_ignores_a_password(self, app: Flask, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        submit(client, "/profile", name="Kim", mode="dark", password=NEW_PASSWORD, password_hash="x")
        assert stored_hash(app) == before
        with app.app_context():
            assert db.session.query(User).count() == 1
