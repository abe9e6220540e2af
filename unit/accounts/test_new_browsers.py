"""Logins from a browser that is not known: marked in the log and on the profile, and told by mail."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.managing import deactivate_accounts, delete_accounts, log_out_everywhere
from dashboard.accounts.models import KnownDevice, User
from dashboard.accounts.passwords import hash_password
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.extensions import db
from dashboard.testing import clients
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_reset, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.mail_servers import Mailbox, body
from unit.conftest import Submit
from unit.mailing import send_due

pytestmark = pytest.mark.both_databases

VIEWER = "viewer@example.test"
SUBJECT = "A login from a new browser (Staff console)"


@pytest.fixture
def app(mailing_app: Flask) -> Flask:
    """A console that sends mail, with an owner and a viewer."""
    with mailing_app.app_context():
        the_account("owner")
        the_account("viewer")
        db.session.commit()
    return mailing_app


def log_in_from(app: Flask, submit: Submit, client: FlaskClient | None = None) -> FlaskClient:
    """Log the viewer in, from a new browser by default."""
    browser = client or app.test_client()
    submit(browser, "/login", email=VIEWER, password=PASSWORD)
    return browser


def test_first_browser_is_no_news(app: Flask, box: Mailbox, submit: Submit) -> None:
    client = log_in_from(app, submit)
    send_due(app)
    assert box.mails == []
    assert "New browser" not in client.get("/profile").text


def test_user_is_told_of_a_second_browser(app: Flask, box: Mailbox, submit: Submit) -> None:
    log_in_from(app, submit)
    client = log_in_from(app, submit)
    send_due(app)
    (message,) = box.mails
    assert (message["To"], message["Subject"]) == (VIEWER, SUBJECT)
    assert "from 127.0.0.1" in " ".join(body(message).split())
    assert client.get("/profile").text.count("New browser") == 1
    with app.app_context():
        facts = db.session.scalars(select(SecurityEvent.facts).order_by(SecurityEvent.id)).all()
    assert facts == [{}, {"new_browser": True}]


def test_browser_is_news_once(app: Flask, box: Mailbox, submit: Submit) -> None:
    log_in_from(app, submit)
    client = log_in_from(app, submit)
    submit(client, "/logout")
    log_in_from(app, submit, client)
    send_due(app)
    assert len(box.mails) == 1


def test_reset_and_proof_do_not_make_a_browser_old(app: Flask, box: Mailbox, submit: Submit) -> None:
    log_in_from(app, submit)
    client = app.test_client()
    with app.app_context():
        token = a_reset(the_account("viewer"))
        db.session.commit()
    submit(client, f"/reset?token={token}", password=NEW_PASSWORD, confirm=NEW_PASSWORD)
    submit(client, "/login", email=VIEWER, password=NEW_PASSWORD)
    assert client.get("/profile").text.count("New browser") == 1
    submit(client, "/logout")
    other = app.test_client()
    clients.log_in(other, "viewer")
    fields = {"current": NEW_PASSWORD, "password": PASSWORD, "confirm": PASSWORD}
    assert is_redirect(submit(other, "/profile/password", **fields))
    submit(other, "/logout")
    log_in_from(app, submit, other)
    assert other.get("/profile").text.count("New browser") == 2
    send_due(app)
    assert len(box.mails) == 2


@pytest.mark.parametrize("end", [log_out_everywhere, deactivate_accounts])
def test_login_after_all_sessions_were_ended_is_news(
    app: Flask, box: Mailbox, submit: Submit, end: Callable[..., int]
) -> None:
    client = log_in_from(app, submit)
    with app.app_context():
        user = the_account("viewer")
        end(None, [user])
        user.active = True
        db.session.commit()
    log_in_from(app, submit, client)
    send_due(app)
    assert [message["Subject"] for message in box.mails] == [SUBJECT]


@pytest.mark.parametrize(
    "path", ["/profile/sessions/end-others", "/profile/sessions/1/end", "/profile/password"]
)
def test_ending_other_sessions_forgets_their_browsers(
    app: Flask, box: Mailbox, submit: Submit, path: str
) -> None:
    other, mine = log_in_from(app, submit), log_in_from(app, submit)
    submit(mine, path, current=PASSWORD, password=NEW_PASSWORD, confirm=NEW_PASSWORD)
    with app.app_context():
        known = select(func.count()).where(KnownDevice.is_known)
        assert db.session.scalar(known) == 1
        the_account("viewer").password_hash = hash_password(PASSWORD)
        db.session.commit()
    for client in (mine, other):
        submit(client, "/logout")
        log_in_from(app, submit, client)
    send_due(app)
    assert len(box.mails) == 2  # of the second browser at first, and of the one that was forgotten


def test_account_that_is_gone_is_sent_no_notice(app: Flask, box: Mailbox, submit: Submit) -> None:
    log_in_from(app, submit)
    log_in_from(app, submit)
    with app.app_context():
        delete_accounts(None, db.session.scalars(select(User).where(User.email == VIEWER)).all())
        db.session.commit()
    send_due(app)
    assert box.mails == []
