"""Changing one's email: by a link to the new one, which the former one is told of."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.one_time_links import LASTS, Purpose
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.mail_servers import Mailbox, body
from unit.accounts.links import USERS, account
from unit.admin.reading import flashes
from unit.conftest import ClientAs, MakeApp, SetClock, Submit
from unit.digest import database_digest
from unit.mailing import send_due

OLD, NEW = "viewer@example.test", "fresh@example.test"
PAGE = "/profile/email"

pytestmark = [pytest.mark.both_databases, pytest.mark.security(68)]


@pytest.fixture
def app(mailing_app: Flask) -> Flask:
    """A console that sends mail."""
    return mailing_app


@pytest.fixture
def viewer(client_as: ClientAs) -> FlaskClient:
    """The browser of the viewer."""
    return client_as("viewer")


@pytest.fixture
def link(app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit) -> str:
    """The link to a new email of the viewer."""
    assert submit(viewer, PAGE, email=NEW).location == "/profile"
    send_due(app)
    return box.link(NEW)


def can_log_in(app: Flask, submit: Submit, email: str, password: str = PASSWORD) -> bool:
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


def test_email_changes_when_the_link_is_confirmed(
    app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit, link: str
) -> None:
    before = database_digest(app)
    page = viewer.get(link)
    assert OLD in page.text
    assert NEW in page.text
    assert viewer.head(link).status_code == 200
    assert database_digest(app) == before
    assert submit(viewer, link).location == "/profile"
    assert NEW in viewer.get("/profile").text
    assert can_log_in(app, submit, NEW)
    assert not can_log_in(app, submit, OLD)


def test_present_and_former_email_are_told(
    app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit, link: str
) -> None:
    asked = box.to(OLD)[0]
    assert asked["Subject"] == "A new email was asked for (Staff console)"
    assert NEW not in body(asked)
    submit(viewer, link)
    send_due(app)
    assert [mail["Subject"] for mail in box.to(OLD)][1:] == ["Your email was changed (Staff console)"]
    assert len(box.to(NEW)) == 1


def test_link_works_once(app: Flask, viewer: FlaskClient, submit: Submit, link: str) -> None:
    submit(viewer, link)
    assert submit(viewer, link).status_code == 404
    assert viewer.get(link).status_code == 404


def test_change_is_in_the_history(
    client_as: ClientAs, app: Flask, viewer: FlaskClient, submit: Submit, link: str
) -> None:
    submit(viewer, link)
    page = client_as("admin").get(f"{USERS}history/?id={account(app, NEW).id}").text
    assert OLD in page
    assert NEW in page


@pytest.mark.security(57)
def test_change_needs_a_fresh_proof_and_keeps_what_was_typed(
    app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit, set_clock: SetClock
) -> None:
    set_clock(timedelta(minutes=6))
    answer = submit(viewer, PAGE, email=NEW)
    assert answer.location.startswith("/login/confirm")
    send_due(app)
    assert box.mails == []
    back = submit(viewer, answer.location, password=PASSWORD).location
    assert NEW in viewer.get(back).text


@pytest.mark.parametrize("event", ["password", "reset", "deactivate", "later", "asked again"])
def test_link_ends_with_what_makes_it_needless(
    app: Flask, viewer: FlaskClient, submit: Submit, link: str, set_clock: SetClock, event: str
) -> None:
    new = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
    if event == "password":
        submit(viewer, "/profile/password", current=PASSWORD, **new)
    elif event == "later":
        set_clock(LASTS[Purpose.EMAIL])
    elif event == "asked again":
        submit(viewer, PAGE, email="third@example.test")
    else:
        with app.app_context():
            from dashboard.accounts.one_time_links import end_links

            end_links(the_account("viewer"))
            db.session.commit()
    answer = submit(viewer, link)
    assert not (is_redirect(answer) and answer.location == "/profile")
    assert account(app, OLD).email == OLD


def test_mail_that_waits_is_not_sent_after_a_password_change(
    app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit
) -> None:
    submit(viewer, PAGE, email=NEW)
    submit(viewer, "/profile/password", current=PASSWORD, password=NEW_PASSWORD, confirm=NEW_PASSWORD)
    send_due(app)
    assert box.to(NEW) == []
    assert len(box.to(OLD)) == 1


def test_link_is_of_use_only_to_the_user_who_asked(
    app: Flask, client: FlaskClient, client_as: ClientAs, submit: Submit, link: str
) -> None:
    """A stranger who gets the mail, because the address was mistyped, must not get the account."""
    assert client.get(link).location.startswith("/login?next=")
    assert client_as("editor").get(link).status_code == 404
    assert submit(client_as("editor"), link).status_code == 404
    assert account(app, OLD).email == OLD


def test_taken_email_tells_nothing_and_is_told_to_its_owner(
    app: Flask, box: Mailbox, viewer: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        an_account(email="taken@example.test")
        db.session.commit()
    free = submit(viewer, PAGE, email="empty@example.test")
    words = flashes(viewer.get("/profile").text)
    taken = submit(viewer, PAGE, email="taken@example.test")
    assert (taken.status_code, taken.location) == (free.status_code, free.location)
    assert [text.replace("taken", "empty") for _, text in flashes(viewer.get("/profile").text)] == [
        text for _, text in words
    ]
    send_due(app)
    (mail,) = box.to("taken@example.test")
    assert "token" not in body(mail)
    assert OLD not in body(mail)


def test_email_taken_in_the_meantime_ends_the_link(
    app: Flask, viewer: FlaskClient, submit: Submit, link: str
) -> None:
    with app.app_context():
        an_account(email=NEW)
        db.session.commit()
    assert submit(viewer, link).status_code == 404
    assert account(app, OLD).email == OLD


def test_reset_link_to_the_former_email_ends(
    app: Flask, box: Mailbox, viewer: FlaskClient, client: FlaskClient, submit: Submit, link: str
) -> None:
    submit(client, "/password/forgot", email=OLD)
    send_due(app)
    (reset,) = [mail for mail in box.to(OLD) if "reset?token" in body(mail)]
    submit(viewer, link)
    path = body(reset).partition("127.0.0.1:8000")[2].split()[0]
    assert client.get(path).status_code == 404


def test_user_asks_for_five_changes_in_an_hour(
    app: Flask, viewer: FlaskClient, submit: Submit, set_clock: SetClock
) -> None:
    for number in range(5):
        assert is_redirect(submit(viewer, PAGE, email=f"a{number}@example.test"))
    refused = submit(viewer, PAGE, email=NEW)
    assert "You have asked for too many changes." in refused.text
    set_clock(timedelta(hours=1))
    assert is_redirect(submit(viewer, PAGE, email=NEW))


def test_without_mail_the_page_says_whom_to_ask(
    make_app: MakeApp, submit: Submit, client_as: ClientAs
) -> None:
    silent = make_app()
    key = client_as("viewer").get_cookie("session")
    browser = silent.test_client()
    assert key
    browser.set_cookie("session", key.value)
    assert "dashboard users set-email" in browser.get(PAGE).text
    assert submit(browser, PAGE, email=NEW).status_code == 200
    assert account(silent, OLD).email == OLD
