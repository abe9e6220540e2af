"""A console in use gets second factors by an upgrade: nobody is logged out, and no new setting is needed."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from dashboard import clock
from dashboard.accounts.authenticator.codes import PERIOD_SECONDS
from dashboard.accounts.models import UserSession
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing.second_factors import code_of
from unit.accounts.second_factors.steps import AUTHENTICATOR, CODES, OVERVIEW
from unit.admin.reading import read, value
from unit.conftest import SetClock, Submit
from unit.consoles import prepared
from unit.upgrades.old_consoles import Upgraded

CONFIRM = "/login/confirm?way=authenticator&next=/admin/users/"


@pytest.fixture
def requiring(upgraded: Upgraded) -> Iterator[Flask]:
    """The upgraded console where owners and admins need a second factor, as in production."""
    settings = upgraded.app.extensions["settings"]
    app = prepared(create_app(Settings(**{**vars(settings), "second_factor": "admin"})))
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.mark.security(63, 64)
def test_old_session_of_an_owner_leads_through_setting_up_a_factor(
    upgraded: Upgraded, requiring: Flask, submit: Submit, set_clock: SetClock
) -> None:
    owner, editor = requiring.test_client(), requiring.test_client()
    owner.set_cookie("session", upgraded.known["owner_cookie"])
    with editor.session_transaction() as session:
        session["_user_id"] = upgraded.known["editor_token"]
    assert editor.get("/admin/products/").status_code == 200
    assert owner.get("/admin/users/").location == f"{OVERVIEW}?next=/admin/users/"
    assert "owner@example.test" in owner.get(OVERVIEW).text
    assert owner.get(AUTHENTICATOR).location.startswith("/login/confirm?next=")  # logged in an hour ago
    note_a_proof(requiring)
    page = owner.get(AUTHENTICATOR).text
    seed = read(page).all("code")[0].text.replace(" ", "")
    sent = {"sealed_seed": value(page, "sealed_seed"), "one_time_code": code_of(seed)}
    assert submit(owner, AUTHENTICATOR, **sent).location == CODES
    assert owner.get("/admin/users/").status_code == 200
    set_clock(timedelta(minutes=6))
    set_clock(timedelta(seconds=PERIOD_SECONDS))
    assert submit(owner, CONFIRM, one_time_code=code_of(seed)).location == "/admin/users/"


def note_a_proof(app: Flask) -> None:
    """Note that every user proved just now who they are: nobody knows the passwords in the dumps."""
    with app.app_context():
        db.session.execute(update(UserSession).values(proved_at=clock.now()))
        db.session.commit()
