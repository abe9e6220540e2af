"""A profile that was changed elsewhere since its page was opened."""

from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from unit.admin.reading import read
from unit.conftest import ClientAs


def profile_form(client: FlaskClient) -> Any:
    return read(client.get("/profile").text).all("form", action="/profile")[0].fields


def rename_account(app: Flask, name: str) -> None:
    with app.app_context():
        the_account("viewer").name = name
        db.session.commit()


def test_name_changed_by_an_admin_is_not_overwritten_unseen(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    form = profile_form(viewer)
    rename_account(app, "Theirs")
    answer = viewer.post("/profile", data={**form, "name": "Mine"})
    assert answer.status_code == 409
    assert "Your name was changed to “Theirs” while this page was open." in answer.text
    again = read(answer.text).all("form", action="/profile")[0].fields
    assert is_redirect(viewer.post("/profile", data=again))
    with app.app_context():
        assert the_account("viewer").name == "Mine"


def test_profile_saved_without_a_new_name_keeps_the_stored_one(app: Flask, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    form = {**profile_form(viewer), "mode": "dark"}
    rename_account(app, "Theirs")
    assert is_redirect(viewer.post("/profile", data=form))
    with app.app_context():
        assert the_account("viewer").name == "Theirs"
