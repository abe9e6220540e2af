"""Mail that could not be sent: admins see it and decide, and the commands tell it."""

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select

from dashboard.cli import main
from dashboard.extensions import db
from dashboard.mail.outbox import QueuedMail
from dashboard.testing.accounts import the_account
from dashboard.testing.mail_servers import SENDER, Mailbox
from unit.conftest import ClientAs, Submit
from unit.environment import GOOD_KEY
from unit.mailing import send_due

PAGE = "/admin/mail/"
VIEWER = "viewer@example.test"


@pytest.fixture
def app(mailing_app: Flask, box: Mailbox) -> Flask:
    """A console whose mails to the viewer and to the owner were refused."""
    box.refused = {VIEWER: "550 No such user", "owner@example.test": "550 Full"}
    with mailing_app.app_context():
        for role in ("viewer", "owner"):
            user = the_account(role)
            db.session.add(QueuedMail(purpose="reset", user_id=user.id))
        db.session.commit()
    send_due(mailing_app)
    return mailing_app


def key_of(app: Flask, email: str) -> str:
    """Return the id of the mail to an account."""
    with app.app_context():
        user = the_account(email)
        return str(db.session.scalars(select(QueuedMail.id).where(QueuedMail.user_id == user.id)).one())


def number(app: Flask) -> int:
    """Return how many mails the outbox holds."""
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(QueuedMail)) or 0


@pytest.mark.both_databases
def test_admin_sees_why_mail_was_not_sent_to_those_whose_account_they_see(
    app: Flask, client_as: ClientAs
) -> None:
    page = client_as("admin").get(PAGE).text
    assert f"to {VIEWER}" in page
    assert "The mail server refuses this address: 550 No such user" in page
    assert "to owner@example.test" not in page
    assert "to owner@example.test" in client_as("owner").get(PAGE).text


@pytest.mark.both_databases
def test_mail_is_tried_again_at_once(app: Flask, box: Mailbox, client_as: ClientAs, submit: Submit) -> None:
    box.refused.clear()
    submit(client_as("admin"), f"{PAGE}retry/", id=key_of(app, "viewer"))
    send_due(app)
    assert len(box.to(VIEWER)) == 1
    assert "No unsent mail" in client_as("admin").get(PAGE).text


@pytest.mark.both_databases
def test_mail_is_given_up(app: Flask, client_as: ClientAs, submit: Submit) -> None:
    submit(client_as("admin"), f"{PAGE}give-up/", id=key_of(app, "viewer"))
    assert number(app) == 1
    assert VIEWER not in client_as("admin").get(PAGE).text


@pytest.mark.security(50)
@pytest.mark.parametrize("deed", ["retry", "give-up"])
def test_mail_of_a_hidden_account_is_out_of_reach(
    app: Flask, box: Mailbox, client_as: ClientAs, submit: Submit, deed: str
) -> None:
    box.refused.clear()
    submit(client_as("admin"), f"{PAGE}{deed}/", id=key_of(app, "owner"))
    send_due(app)
    assert box.mails == []
    assert number(app) == 2


@pytest.fixture
def environ(app: Flask, box: Mailbox) -> dict[str, str]:
    """The environment of a command of this console."""
    settings = app.extensions["settings"]
    assert box.server
    return {
        "DASHBOARD_INSTANCE": str(settings.instance),
        "DASHBOARD_DATABASE_URL": settings.database_url,
        "DASHBOARD_SECRET_KEY": GOOD_KEY,
        "DASHBOARD_MAIL_URL": f"smtp://127.0.0.1:{box.server.port}",
        "DASHBOARD_MAIL_FROM": SENDER,
    }


def test_command_sends_a_trial_or_says_why_not(environ: dict[str, str], box: Mailbox) -> None:
    sent = CliRunner().invoke(main, ["mail", "test", "me@example.test"], env=environ)
    assert (sent.exit_code, len(box.to("me@example.test"))) == (0, 1)
    refused = CliRunner().invoke(main, ["mail", "test", VIEWER], env=environ)
    assert refused.exit_code == 1
    assert "550 No such user" in refused.output
    silent = {**environ, "DASHBOARD_MAIL_URL": ""}
    assert "not set" in CliRunner().invoke(main, ["mail", "test", VIEWER], env=silent).output


def test_doctor_tries_the_server_and_counts_what_was_not_sent(environ: dict[str, str]) -> None:
    found = CliRunner().invoke(main, ["doctor"], env=environ)
    assert f"from {SENDER}" in found.output
    assert "warn  mail: 2 mails could not be sent" in found.output
    broken = CliRunner().invoke(main, ["doctor"], env={**environ, "DASHBOARD_MAIL_URL": "smtp://127.0.0.1:9"})
    assert broken.exit_code == 1
    assert "FAIL  mail: 127.0.0.1:9 with no TLS: The mail server cannot be reached" in broken.output


@pytest.mark.security(68)
def test_command_changes_an_email_and_tells_the_former_one(
    app: Flask, environ: dict[str, str], box: Mailbox
) -> None:
    box.refused.clear()
    done = CliRunner().invoke(main, ["users", "set-email", VIEWER, "fresh@example.test"], env=environ)
    assert done.exit_code == 0, done.output
    send_due(app)
    assert [mail["Subject"] for mail in box.to(VIEWER)] == ["Your email was changed (Staff console)"]
    taken = CliRunner().invoke(
        main, ["users", "set-email", "fresh@example.test", "owner@example.test"], env=environ
    )
    assert "An account with this email already exists." in taken.output
