"""Invitations: who can invite, and how an invited user joins."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.managing import change_account
from dashboard.accounts.models import State
from dashboard.accounts.one_time_links import LASTS, OneTimeLink, Purpose
from dashboard.accounts.tokens import hash_token
from dashboard.extensions import db
from dashboard.history.chain import verify
from dashboard.history.models import Action, Change, ChangeSet
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.testing.accounts import NEW_PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.clients import log_in
from unit.accounts.links import USERS, account, invited, link_for, shown_link
from unit.admin.reading import flashes, read, row_titles
from unit.conftest import ClientAs, MakeApp, SetClock, Submit

KIM = "kim@example.test"
JOIN = {"name": "Kim", "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def admin(client_as: ClientAs) -> FlaskClient:
    return client_as("admin")


@pytest.fixture
def link(admin: FlaskClient, submit: Submit) -> str:
    """The link of an invitation of Kim as an editor."""
    return invited(admin, submit, KIM, "editor")


@pytest.mark.security(13)
def test_invited_user_joins_and_is_logged_in(
    app: Flask, client: FlaskClient, submit: Submit, link: str
) -> None:
    assert account(app, KIM).state == State.INVITED
    answer = submit(client, link, **JOIN)
    assert answer.location == "/admin/products/"
    page = client.get(answer.location)
    assert flashes(page.text) == [("success", "Registered successfully.")]
    assert client.get("/admin/products/new/").status_code == 200
    kim = account(app, KIM)
    assert (kim.state, kim.name, kim.role) == (State.ACTIVE, "Kim", "editor")


@pytest.mark.security(13)
def test_invitation_works_once(app: Flask, client: FlaskClient, submit: Submit, link: str) -> None:
    submit(client, link, **JOIN)
    other = app.test_client()
    assert other.get(link).status_code == 404
    assert submit(other, link, **{**JOIN, "name": "Eve"}).status_code == 404
    assert account(app, KIM).name == "Kim"


@pytest.mark.security(13)
def test_invitation_expires_after_seven_days(
    client: FlaskClient, submit: Submit, link: str, set_clock: SetClock
) -> None:
    set_clock(LASTS[Purpose.INVITATION] - timedelta(minutes=1))
    assert client.get(link).status_code == 200
    set_clock(timedelta(minutes=1))
    assert client.get(link).status_code == 404
    assert submit(client, link, **JOIN).status_code == 404


@pytest.mark.security(65)
def test_database_holds_only_the_hash_of_a_link(app: Flask, link: str) -> None:
    token = link.partition("token=")[2]
    with app.app_context():
        stored = db.session.scalars(select(OneTimeLink)).one()
        assert stored.token_hash == hash_token(token)
        assert token not in str(vars(stored))


def test_opening_the_link_changes_nothing(client: FlaskClient, submit: Submit, link: str) -> None:
    for _ in range(3):
        page = client.get(link)
        assert page.status_code == 200
        assert KIM in page.text
    assert is_redirect(submit(client, link, **JOIN))


def test_refused_password_leaves_the_invitation_usable(
    client: FlaskClient, submit: Submit, link: str
) -> None:
    assert submit(client, link, **{**JOIN, "confirm": "another"}).status_code == 200
    assert is_redirect(submit(client, link, **JOIN))


def test_name_that_reads_like_another_email_is_refused_at_its_field(
    app: Flask, client: FlaskClient, submit: Submit, link: str
) -> None:
    page = submit(client, link, **{**JOIN, "name": "boss@example.test"})
    assert page.status_code == 200
    assert read(page.text).all(id="name-error")
    assert account(app, KIM).state == State.INVITED
    assert is_redirect(submit(client, link, **JOIN))


def test_new_link_replaces_the_one_before(
    app: Flask, admin: FlaskClient, client: FlaskClient, submit: Submit, link: str
) -> None:
    again = link_for(admin, submit, account(app, KIM).id)
    assert again.startswith("/invitation?token=")
    assert client.get(link).status_code == 404
    assert is_redirect(submit(client, again, **JOIN))


@pytest.mark.parametrize("view", ["delete", "deactivate"])
def test_deleting_or_deactivating_revokes_the_invitation(
    app: Flask, admin: FlaskClient, client: FlaskClient, submit: Submit, link: str, view: str
) -> None:
    key = account(app, KIM).id
    asked = admin.get(f"{USERS}{view}/?id={key}").text
    seen = read(asked).all("input", name="seen")[0].attributes["value"]
    assert is_redirect(submit(admin, f"{USERS}{view}/", id=str(key), seen=seen))
    assert client.get(link).status_code == 404
    assert submit(client, link, **JOIN).status_code == 404


def test_link_is_shown_once(admin: FlaskClient, submit: Submit) -> None:
    answer = submit(admin, f"{USERS}new/", email=KIM, role="viewer", name="")
    assert flashes((page := admin.get(answer.location)).text) == [("success", f"Account {KIM} invited.")]
    assert shown_link(page.text)
    again = admin.get(answer.location)
    assert again.status_code == 200
    assert not shown_link(again.text)
    assert "Create a new link" in again.text


def test_link_is_not_shown_on_the_page_of_another_user(
    app: Flask, admin: FlaskClient, submit: Submit, client_as: ClientAs
) -> None:
    client_as("viewer")
    submit(admin, f"{USERS}new/", email=KIM, role="viewer", name="")
    page = admin.get(f"{USERS}link/?id={account(app, 'viewer@example.test').id}")
    assert not shown_link(page.text)


@pytest.mark.security(55)
def test_nobody_invites_above_their_own_role(app: Flask, admin: FlaskClient, submit: Submit) -> None:
    assert submit(admin, f"{USERS}new/", email=KIM, role="owner", name="").status_code == 200
    with app.app_context():
        assert db.session.scalar(select(OneTimeLink)) is None


def test_invited_user_cannot_log_in_before_joining(client: FlaskClient, submit: Submit, link: str) -> None:
    for password in ("", " ", NEW_PASSWORD):
        assert "Invalid email or password" in submit(client, "/login", email=KIM, password=password).text


@pytest.mark.security(56)
def test_invited_owner_does_not_stand_in_for_the_last_owner(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    invited(client_as("owner"), submit, KIM, "owner")
    with app.app_context(), pytest.raises(Refusal, match="at least one active owner"):
        change_account(None, the_account("owner"), name="", role=Role.ADMIN)


def test_list_shows_and_filters_invited_users(admin: FlaskClient, link: str) -> None:
    page = admin.get(f"{USERS}?state=invited").text
    assert row_titles(page) == [KIM]
    assert "Invited" in page
    assert KIM not in row_titles(admin.get(f"{USERS}?state=active").text)


def test_page_of_an_invited_user_says_until_when(
    app: Flask, client_as: ClientAs, link: str, set_clock: SetClock
) -> None:
    address = f"{USERS}details/?id={account(app, KIM).id}"
    assert "Invitation expires" in client_as("admin").get(address).text
    set_clock(LASTS[Purpose.INVITATION])
    assert "Expired" in client_as("admin").get(address).text


def test_history_says_who_invited_and_that_the_user_joined(
    app: Flask, client: FlaskClient, submit: Submit, link: str
) -> None:
    submit(client, link, **JOIN)
    with app.app_context():
        kim = account(app, KIM).id
        authors = select(Change.action, ChangeSet.author_id).join(ChangeSet).where(Change.of("users", kim))
        boss = account(app, "admin@example.test").id
        assert db.session.execute(authors.order_by(Change.id)).all() == [
            (Action.CREATE, boss),
            (Action.CHANGE, kim),
        ]
        assert not verify(db.session).faults


def test_undoing_an_invitation_revokes_it(
    app: Flask, admin: FlaskClient, client: FlaskClient, link: str, submit: Submit
) -> None:
    with app.app_context():
        key = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    submit(admin, "/admin/revert/undo/", id=str(key))
    assert client.get(link).status_code == 404


@pytest.mark.parametrize("token", ["", "x", "é" * 40, "a" * 5000, "%00", "' OR 1=1 --"])
def test_unknown_token_gets_the_page_of_a_used_one(client: FlaskClient, token: str) -> None:
    answer = client.get("/invitation", query_string={"token": token})
    assert answer.status_code == 404
    assert "doesn't work" in answer.text or "doesn&#39;t work" in answer.text


def test_link_begins_with_the_address_of_the_console(make_app: MakeApp, submit: Submit) -> None:
    app = make_app(base_url="https://console.example.org", allowed_hosts=("localhost",))
    client = app.test_client()
    log_in(client, "admin")
    answer = submit(client, f"{USERS}new/", email=KIM, role="viewer", name="")
    [field] = read(client.get(answer.location).text).all("input", id="link")
    assert field.attributes["value"].startswith("https://console.example.org/invitation?token=")


def test_joining_in_a_browser_of_another_user_ends_that_session(
    client_as: ClientAs, submit: Submit, link: str
) -> None:
    browser = client_as("viewer")
    assert "viewer@example.test" in browser.get(link).text
    submit(browser, link, **JOIN)
    assert KIM in browser.get("/profile").text
