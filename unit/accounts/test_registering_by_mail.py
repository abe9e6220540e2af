"""Registering by a link in a mail."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.register.by_mail import LASTS
from dashboard.accounts.register.models import Registration
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.mail_servers import Mailbox, body
from unit.accounts.links import account
from unit.admin.reading import flashes
from unit.conftest import MakeApp, SetClock, Submit
from unit.mailing import NOWHERE, send_due

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
def registration_link(app: Flask, box: Mailbox, client: FlaskClient, submit: Submit) -> str:
    """The link in a mail to a newcomer who registers."""
    submit(client, "/register", email=NEWCOMER, **NEW)
    send_due(app)
    return box.link(NEWCOMER)


def can_log_in(app: Flask, submit: Submit, email: str, password: str) -> bool:
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


def test_registering_sends_a_link_and_logs_nobody_in(app: Flask, client: FlaskClient, submit: Submit) -> None:
    answer = submit(client, "/register", email=NEWCOMER, **NEW)
    assert answer.location == "/login"
    page = client.get("/login")
    assert flashes(page.text) == [("success", "Check your email to finish registering.")]
    assert client.get("/admin/").location.startswith("/login")
    assert not can_log_in(app, submit, NEWCOMER, NEW_PASSWORD)


@pytest.mark.security(12)
def test_registration_is_finished_by_the_link_once(
    app: Flask, client: FlaskClient, submit: Submit, registration_link: str
) -> None:
    assert NEWCOMER in client.get(registration_link).text
    answer = submit(client, registration_link, **NEW)
    assert answer.location == "/admin/products/"
    assert account(app, NEWCOMER).role == Role.VIEWER
    assert submit(app.test_client(), registration_link, **NEW).status_code == 404
    assert can_log_in(app, submit, NEWCOMER, NEW_PASSWORD)


def test_password_typed_before_the_link_is_opened_does_not_count(
    app: Flask, client: FlaskClient, submit: Submit, registration_link: str
) -> None:
    """Or whoever registers the address of another would know the password of the account."""
    theirs = {"password": "violet anchor harbour 12", "confirm": "violet anchor harbour 12"}
    submit(client, registration_link, **theirs)
    assert can_log_in(app, submit, NEWCOMER, theirs["password"])
    assert not can_log_in(app, submit, NEWCOMER, NEW_PASSWORD)


@pytest.mark.parametrize("fault", ["short", "differs", "is the email"])
def test_refused_password_uses_up_no_link(
    client: FlaskClient, submit: Submit, registration_link: str, fault: str
) -> None:
    wrong = {
        "short": {"password": "x", "confirm": "x"},
        "differs": {"password": NEW_PASSWORD, "confirm": PASSWORD},
        "is the email": {"password": NEWCOMER, "confirm": NEWCOMER},
    }[fault]
    assert submit(client, registration_link, **wrong).status_code == 200
    assert is_redirect(submit(client, registration_link, **NEW))


def test_registration_link_ends_after_a_day(
    app: Flask, client: FlaskClient, submit: Submit, registration_link: str, set_clock: SetClock
) -> None:
    set_clock(LASTS)
    assert submit(client, registration_link, **NEW).status_code == 404
    submit(client, "/register", email="other@example.test")
    send_due(app)
    with app.app_context():
        assert db.session.scalars(select(Registration.email)).all() == ["other@example.test"]


def test_newer_registration_link_replaces_the_one_before(
    app: Flask, box: Mailbox, client: FlaskClient, submit: Submit, registration_link: str
) -> None:
    submit(client, "/register", email=NEWCOMER)
    send_due(app)
    assert client.get(registration_link).status_code == 404
    assert client.get(box.link(NEWCOMER)).status_code == 200


def test_account_made_in_the_meantime_ends_the_registration(
    app: Flask, client: FlaskClient, submit: Submit, registration_link: str
) -> None:
    with app.app_context():
        an_account(email=NEWCOMER)
        db.session.commit()
    assert submit(client, registration_link, **NEW).status_code == 404
    assert can_log_in(app, submit, NEWCOMER, PASSWORD)


def test_closed_registration_ends_the_links(
    app: Flask, make_app: MakeApp, submit: Submit, registration_link: str
) -> None:
    closed = make_app(mail=NOWHERE, registration="closed")
    assert submit(closed.test_client(), registration_link, **NEW).status_code == 404


def test_known_address_is_told_of_its_account(
    app: Flask, box: Mailbox, client: FlaskClient, submit: Submit
) -> None:
    submit(client, "/register", email="owner@example.test")
    send_due(app)
    (mail,) = box.to("owner@example.test")
    assert mail["Subject"] == "You have an account already (Staff console)"
    assert "token" not in body(mail)


@pytest.mark.security(11)
def test_first_account_is_made_without_a_mail(mailing_app: Flask, box: Mailbox, submit: Submit) -> None:
    """The set-up link or the loopback proves who may; the settings of mail may be wrong yet."""
    client = mailing_app.test_client()
    assert submit(client, "/register", email=NEWCOMER, **NEW).location == "/admin/products/"
    assert account(mailing_app, NEWCOMER).role == Role.OWNER
    send_due(mailing_app)
    assert box.mails == []
