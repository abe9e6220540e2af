"""A profile that was changed elsewhere since its page was opened."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from unit.admin.reading import field_errors, read
from unit.conftest import ClientAs


def profile_form(client: FlaskClient) -> Any:
    return details_in(client.get("/profile").text)


def details_in(page: str) -> Any:
    forms = [form.fields for form in read(page).all("form", action="/profile")]
    return next(fields for fields in forms if "numbers" in fields)


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
    again = details_in(answer.text)
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


OTHERS = {
    "mode": ("dark", "light", "Your colour mode was changed to “Dark”"),
    "density": ("compact", None, ""),
    "zone": ("Asia/Tokyo", "Europe/Paris", "Your time zone was changed to “Asia/Tokyo”"),
    "numbers": ("comma", "space", "Your numbers were changed to “1.200,00”"),
}


@pytest.mark.parametrize("field", OTHERS)
def test_choice_of_another_tab_is_not_overwritten_unseen(field: str, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    form, theirs = profile_form(viewer).to_dict(), OTHERS[field][0]
    assert is_redirect(viewer.post("/profile", data={**form, field: theirs}))
    assert is_redirect(viewer.post("/profile", data={**form, "name": "Mine"}))
    now = profile_form(viewer)
    assert (now[field], now["name"]) == (theirs, "Mine")


@pytest.mark.parametrize(("before", "after"), [(True, False), (False, True)])
def test_shortcuts_of_another_tab_are_not_overwritten_unseen(
    before: bool, after: bool, client_as: ClientAs
) -> None:
    viewer = client_as("viewer")
    rest = profile_form(viewer).to_dict()
    rest.pop("single_keys")
    keys = {True: {"single_keys": "y"}, False: dict[str, str]()}
    assert is_redirect(viewer.post("/profile", data={**rest, **keys[before]}))
    form = profile_form(viewer).to_dict()
    assert ("single_keys" in form) is before
    rest = {name: form[name] for name in form if name != "single_keys"}
    assert is_redirect(viewer.post("/profile", data={**rest, **keys[after]}))
    assert is_redirect(viewer.post("/profile", data={**form, "name": "Mine"}))
    assert ("single_keys" in profile_form(viewer)) is after


@pytest.mark.parametrize("field", [name for name, (_, mine, _) in OTHERS.items() if mine])
def test_choice_that_both_tabs_changed_is_asked_about(field: str, client_as: ClientAs) -> None:
    viewer = client_as("viewer")
    form, (theirs, mine, words) = profile_form(viewer).to_dict(), OTHERS[field]
    assert is_redirect(viewer.post("/profile", data={**form, field: theirs}))
    answer = viewer.post("/profile", data={**form, field: mine, "density": "compact"})
    assert answer.status_code == 409
    assert f"{words} while this page was open. Save again to use yours." in field_errors(answer.text)[field]
    assert profile_form(viewer)[field] == theirs
    again = details_in(answer.text)
    assert is_redirect(viewer.post("/profile", data=again))
    now = profile_form(viewer)
    assert (now[field], now["density"]) == (mine, "compact")
