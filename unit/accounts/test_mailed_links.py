"""Resets and invitations by mail."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.managing import change_account
from dashboard.extensions import db
from dashboard.mail.outbox import QueuedMail
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.mail_servers import Mailbox, body
from unit.accounts.links import USERS, account
from unit.conftest import ClientAs, MakeApp, SetClock, Submit
from unit.digest import database_digest
from unit.mailing import send_due

VIEWER, ADMIN, NEWCOMER = "viewer@example.test", "admin@example.test", "new@example.test"
NEW = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(mailing_app: Flask) -> Flask:
    """A console that sends mail, with an owner."""
    with mailing_app.app_context():
        the_account("owner")
        db.session.commit()
    return mailing_app


@pytest.fixture
def reset_link(app: Flask, box: Mailbox, client: FlaskClient, submit: Submit) -> str:
    """The link in a mail that the viewer asked for."""
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    submit(client, "/password/forgot", email=f" {VIEWER.upper()} ")
    send_due(app)
    return box.link(VIEWER)


def can_log_in(app: Flask, submit: Submit, email: str, password: str) -> bool:
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


@pytest.mark.security(65, 66)
def test_forgotten_password_is_replaced_by_a_link_that_works_once(
    app: Flask, client: FlaskClient, submit: Submit, reset_link: str
) -> None:
    assert client.get(reset_link).status_code == 200
    assert can_log_in(app, submit, "owner@example.test", PASSWORD)
    assert submit(client, reset_link, **NEW).location == "/login"
    assert client.get("/admin/").location.startswith("/login")
    assert submit(client, reset_link, **NEW).status_code == 404
    assert can_log_in(app, submit, VIEWER, NEW_PASSWORD)


@pytest.mark.security(67)
def test_asking_for_a_reset_changes_nothing_about_the_account(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    before = database_digest(app, but=("outbox",))
    submit(client, "/password/forgot", email=VIEWER)
    assert database_digest(app, but=("outbox",)) == before
    assert can_log_in(app, submit, VIEWER, PASSWORD)


@pytest.mark.security(65)
def test_login_before_the_mail_is_sent_makes_it_needless(
    app: Flask, box: Mailbox, client: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    box.refused[VIEWER] = "450 Later"
    submit(client, "/password/forgot", email=VIEWER)
    send_due(app)
    assert can_log_in(app, submit, VIEWER, PASSWORD)
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(QueuedMail)) == 0


@pytest.mark.security(43)
def test_host_header_does_not_decide_the_link(make_app: MakeApp, box: Mailbox, submit: Submit) -> None:
    app = make_app(mail=box.server, base_url="https://console.example.org", allowed_hosts=("evil.example",))
    with app.app_context():
        the_account("owner")
        db.session.commit()
    browser = app.test_client()
    browser.environ_base["HTTP_HOST"] = "evil.example"
    assert is_redirect(submit(browser, "/password/forgot", email="owner@example.test"))
    send_due(app)
    text = body(box.mails[0])
    assert "https://console.example.org/reset?token=" in text
    assert "evil" not in text


def test_without_mail_the_page_says_whom_to_ask(make_app: MakeApp, submit: Submit) -> None:
    client = make_app().test_client()
    assert "Ask an admin of this console" in client.get("/password/forgot").text
    assert submit(client, "/password/forgot", email=VIEWER).status_code == 200


@pytest.mark.security(13)
def test_invitation_is_sent_and_accepted_once(
    app: Flask, box: Mailbox, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    admin = client_as("admin")
    answer = submit(admin, f"{USERS}new/", email=NEWCOMER, role="editor", name="")
    shown = admin.get(answer.location).text
    assert "waiting to be sent" in shown
    assert 'id="link"' not in shown
    send_due(app)
    assert f"{ADMIN} invites you" in body(box.to(NEWCOMER)[0])
    link = box.link(NEWCOMER)
    key = account(app, NEWCOMER).id
    assert "Sent " in admin.get(f"{USERS}details/?id={key}").text
    assert is_redirect(submit(client, link, name="New", **NEW))
    assert submit(client, link, name="New", **NEW).status_code == 404
    assert account(app, NEWCOMER).role == Role.EDITOR


@pytest.mark.security(58)
def test_link_is_sent_again_and_the_earlier_one_ends(
    app: Flask, box: Mailbox, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    admin = client_as("admin")
    submit(admin, f"{USERS}new/", email=NEWCOMER, role="viewer", name="")
    send_due(app)
    first, key = box.link(NEWCOMER), str(account(app, NEWCOMER).id)
    assert "Send invitation again" in admin.get(f"{USERS}details/?id={key}").text
    submit(admin, f"{USERS}send-link/", id=key)
    assert client.get(first).status_code == 200  # until the new one is on its way
    send_due(app)
    assert client.get(first).status_code == 404
    assert client.get(box.link(NEWCOMER)).status_code == 200
    assert "Created a link for" in admin.get(f"{USERS}history/?id={key}").text


def test_copied_link_replaces_the_mail(
    app: Flask, box: Mailbox, client_as: ClientAs, client: FlaskClient, submit: Submit
) -> None:
    admin = client_as("admin")
    submit(admin, f"{USERS}new/", email=NEWCOMER, role="viewer", name="")
    answer = submit(admin, f"{USERS}new-link/", id=str(account(app, NEWCOMER).id))
    assert 'id="link"' in admin.get(answer.location).text
    send_due(app)
    assert box.mails == []


@pytest.mark.parametrize("end", ["deactivate", "delete"])
def test_revoked_invitation_is_not_sent(
    app: Flask, box: Mailbox, client_as: ClientAs, submit: Submit, end: str
) -> None:
    admin = client_as("admin")
    submit(admin, f"{USERS}new/", email=NEWCOMER, role="viewer", name="")
    question = admin.get(f"{USERS}{end}/?id={account(app, NEWCOMER).id}").text
    seen = question.partition('name="seen" value="')[2].partition('"')[0]
    submit(admin, f"{USERS}{end}/", id=str(account(app, NEWCOMER).id), seen=seen)
    send_due(app)
    assert box.mails == []


@pytest.mark.security(55, 65)
def test_mail_of_an_admin_who_lost_the_right_is_not_sent(
    app: Flask, box: Mailbox, client_as: ClientAs, submit: Submit
) -> None:
    submit(client_as("admin"), f"{USERS}new/", email=NEWCOMER, role="viewer", name="")
    with app.app_context():
        change_account(None, the_account("admin"), name="", role=Role.VIEWER)
        db.session.commit()
    send_due(app)
    assert box.mails == []


@pytest.mark.security(55, 58)
def test_reset_of_a_higher_role_cannot_be_sent(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    admin = client_as("admin")
    before = database_digest(app)
    key = str(account(app, "owner@example.test").id)
    assert submit(admin, f"{USERS}send-link/", id=key).status_code in (403, 404)
    assert database_digest(app) == before


def test_many_hours_do_not_pass_before_a_mail_says_when_its_link_ends(
    app: Flask, box: Mailbox, client: FlaskClient, submit: Submit, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    submit(client, "/password/forgot", email=VIEWER)
    set_clock(timedelta(hours=5))
    send_due(app)
    link = box.link(VIEWER)
    set_clock(timedelta(hours=23, minutes=59))
    assert client.get(link).status_code == 200


@pytest.mark.security(65)
@pytest.mark.parametrize(
    "typed", ["V\u0130EWER@example.test", "v\u0131ewer@example.test", "viewer@\u0435xample.test"]
)
def test_link_is_sent_to_no_address_that_only_looks_alike(
    app: Flask, box: Mailbox, client: FlaskClient, submit: Submit, typed: str
) -> None:
    """As CVE-2019-19844 of Django, which sent it to the address that was typed."""
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    submit(client, "/password/forgot", email=typed)
    send_due(app)
    assert {mail["To"] for mail in box.mails} <= {VIEWER}
