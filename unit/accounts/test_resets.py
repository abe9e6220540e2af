"""Resets: an admin creates a link, and the user chooses a new password with it."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.managing import change_account, deactivate_accounts, delete_accounts
from dashboard.accounts.one_time_links import LASTS, Purpose
from dashboard.extensions import db
from dashboard.history.models import ChangeSet
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_reset, the_account
from dashboard.testing.answers import is_redirect
from unit.accounts.links import USERS, account, link_for
from unit.admin.reading import flashes
from unit.conftest import ClientAs, SetClock, Submit
from unit.digest import database_digest

VIEWER = "viewer@example.test"
NEW = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def link(app: Flask) -> str:
    """A link that resets the password of the viewer."""
    with app.app_context():
        token = a_reset(the_account("viewer"))
        db.session.commit()
    return f"/reset?token={token}"


def can_log_in(app: Flask, submit: Submit, password: str) -> bool:
    return is_redirect(submit(app.test_client(), "/login", email=VIEWER, password=password))


@pytest.mark.security(58)
def test_admin_creates_a_link_and_sees_no_password(
    app: Flask, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    client_as("viewer")
    link = link_for(client_as("admin"), submit, account(app, VIEWER).id)
    assert link.startswith("/reset?token=")
    assert can_log_in(app, submit, PASSWORD)  # logging in ends the link
    assert client.get(link).status_code == 404
    link = link_for(client_as("admin"), submit, account(app, VIEWER).id)
    assert submit(client, link, **NEW).location == "/login"
    assert can_log_in(app, submit, NEW_PASSWORD)


@pytest.mark.security(66)
def test_reset_does_not_log_in(client: FlaskClient, submit: Submit, link: str) -> None:
    answer = submit(client, link, **NEW)
    assert answer.location == "/login"
    page = client.get("/login")
    assert flashes(page.text) == [("success", "Password changed. Log in with your new password.")]
    assert client.get("/admin/products/").location.startswith("/login?next=")


def test_reset_replaces_the_password_and_ends_every_session(
    app: Flask, client_as: ClientAs, client: FlaskClient, submit: Submit, link: str
) -> None:
    theirs = client_as("viewer")
    submit(client, link, **NEW)
    assert theirs.get("/profile").status_code == 302
    assert not can_log_in(app, submit, PASSWORD)
    assert can_log_in(app, submit, NEW_PASSWORD)


@pytest.mark.security(65)
def test_reset_link_works_once(app: Flask, client: FlaskClient, submit: Submit, link: str) -> None:
    submit(client, link, **NEW)
    assert client.get(link).status_code == 404
    again = {"password": "another violin drizzle", "confirm": "another violin drizzle"}
    assert submit(client, link, **again).status_code == 404
    assert can_log_in(app, submit, NEW_PASSWORD)


@pytest.mark.security(65)
def test_reset_link_expires_after_a_day(
    client: FlaskClient, submit: Submit, link: str, set_clock: SetClock
) -> None:
    set_clock(LASTS[Purpose.RESET] - timedelta(minutes=1))
    assert client.get(link).status_code == 200
    set_clock(timedelta(minutes=1))
    assert submit(client, link, **NEW).status_code == 404


@pytest.mark.security(65)
def test_logging_in_ends_the_reset_link(app: Flask, client: FlaskClient, submit: Submit, link: str) -> None:
    assert can_log_in(app, submit, PASSWORD)
    assert submit(client, link, **NEW).status_code == 404


@pytest.mark.security(65)
def test_password_change_ends_the_reset_link(
    client_as: ClientAs, client: FlaskClient, submit: Submit, link: str
) -> None:
    submit(client_as("viewer"), "/profile/password", current=PASSWORD, **NEW)
    assert submit(client, link, **NEW).status_code == 404


def test_deactivated_user_cannot_reset(app: Flask, client: FlaskClient, submit: Submit, link: str) -> None:
    with app.app_context():
        the_account("viewer").active = False
        db.session.commit()
    assert submit(client, link, **NEW).status_code == 404


def test_deactivated_account_gets_no_link(app: Flask, client_as: ClientAs, submit: Submit, link: str) -> None:
    with app.app_context():
        user = the_account("viewer")
        key, user.active = user.id, False
        db.session.commit()
    admin = client_as("admin")
    submit(admin, f"{USERS}new-link/", id=str(key))
    assert ("error", "This account is deactivated. Reactivate it first.") in flashes(admin.get(USERS).text)
    assert "new-link" not in admin.get(f"{USERS}details/?id={key}").text


def test_link_of_another_purpose_is_refused(client: FlaskClient, submit: Submit, link: str) -> None:
    other = link.replace("/reset", "/invitation")
    assert client.get(other).status_code == 404
    assert submit(client, other, name="", **NEW).status_code == 404


@pytest.mark.security(67)
def test_asking_how_to_reset_changes_nothing(app: Flask, client: FlaskClient, link: str) -> None:
    before = database_digest(app)
    assert client.get("/reset").location == "/password/forgot"
    assert client.get("/password/forgot").status_code == 200
    assert client.get(link).status_code == 200
    assert database_digest(app) == before
    assert 'href="/password/forgot"' in client.get("/login").text


@pytest.mark.security(58)
@pytest.mark.parametrize(("actor", "subject"), [("admin", "owner"), ("admin", "admin"), ("owner", "owner")])
def test_link_is_created_for_others_of_roles_up_to_ones_own(
    app: Flask, client_as: ClientAs, submit: Submit, actor: str, subject: str
) -> None:
    client = client_as(actor)
    client_as(subject)
    key = account(app, f"{subject}@example.test").id
    before = database_digest(app)
    answer = submit(client, f"{USERS}new-link/", id=str(key))
    assert answer.status_code in (403, 404)
    assert database_digest(app) == before


def test_history_says_who_created_a_link(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    client_as("viewer")
    admin = client_as("admin")
    link_for(admin, submit, account(app, VIEWER).id)
    page = admin.get(f"{USERS}history/?id={account(app, VIEWER).id}").text
    assert "Created a link for" in page
    assert "Created a link for" in admin.get("/admin/history/?kind=link").text


def test_created_link_cannot_be_undone(
    app: Flask, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    client_as("viewer")
    admin = client_as("admin")
    link = link_for(admin, submit, account(app, VIEWER).id)
    with app.app_context():
        key = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    assert submit(admin, "/admin/revert/undo/", id=str(key)).status_code == 403
    assert is_redirect(submit(client, link, **NEW))


@pytest.mark.security(55, 65)
def test_raised_role_ends_the_links_of_an_account(
    app: Flask, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    client_as("viewer")
    link = link_for(client_as("admin"), submit, account(app, VIEWER).id)
    with app.app_context():
        change_account(None, the_account("viewer"), name="", role=Role.OWNER)
        db.session.commit()
    assert submit(client, link, **NEW).status_code == 404


@pytest.mark.security(65)
@pytest.mark.parametrize("change", ["deactivate", "demote", "delete"])
def test_links_end_with_the_rights_of_the_admin_who_created_them(
    app: Flask, client_as: ClientAs, client: FlaskClient, submit: Submit, change: str
) -> None:
    client_as("viewer")
    client_as("owner")
    link = link_for(client_as("admin"), submit, account(app, VIEWER).id)
    assert client.get(link).status_code == 200
    with app.app_context():
        admin = the_account("admin")
        if change == "deactivate":
            deactivate_accounts(None, [admin])
        elif change == "demote":
            change_account(None, admin, name="", role=Role.EDITOR)
        else:
            delete_accounts(None, [admin])
        db.session.commit()
    assert submit(client, link, **NEW).status_code == 404
