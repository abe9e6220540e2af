"""Security line 16: asking for a mail does not reveal which accounts exist, however the mail fares."""

from time import perf_counter

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.extensions import db
from dashboard.mail.outbox import QueuedMail
from dashboard.mail_server import MailServer
from dashboard.testing.accounts import an_account, an_invitation
from dashboard.testing.mail_servers import Mailbox
from unit.admin.reading import flashes
from unit.conftest import CountQueries, MakeApp, Submit
from unit.mailing import send_due

# All of one length.
ADDRESSES = ("known@example.test", "other@example.test", "ended@example.test", "guest@example.test")
FORMS = ("/password/forgot", "/register")
TIMED, TIMES_SLOWER = 15, 3

pytestmark = [pytest.mark.security(16), pytest.mark.both_databases]


@pytest.fixture
def app(mailing_app: Flask) -> Flask:
    """A console that sends mail, with an active, a deactivated and an invited account."""
    with mailing_app.app_context():
        an_account("owner", email=ADDRESSES[0])
        an_account(email=ADDRESSES[2], active=False)
        an_invitation(ADDRESSES[3])
        db.session.commit()
    return mailing_app


def ask(app: Flask, submit: Submit, form: str, address: str) -> TestResponse:
    """Ask for a mail with a new browser."""
    return submit(app.test_client(), form, email=address)


@pytest.mark.parametrize("form", FORMS)
def test_every_address_gets_one_answer(app: Flask, submit: Submit, form: str) -> None:
    answers = [ask(app, submit, form, address) for address in ADDRESSES]
    assert {answer.status_code for answer in answers} == {303}
    assert {answer.location for answer in answers} == {"/login"}
    assert len({answer.data for answer in answers}) == 1
    assert len({tuple(answer.headers.keys()) for answer in answers}) == 1
    assert not any("@" in str(answer.headers) for answer in answers)


@pytest.mark.parametrize("form", FORMS)
def test_every_address_gets_one_page_afterwards(app: Flask, submit: Submit, form: str) -> None:
    pages = set()
    for address in ADDRESSES:
        client = app.test_client()
        submit(client, form, email=address)
        pages.add(tuple(flashes(client.get("/login").text)))
    assert len(pages) == 1


@pytest.mark.parametrize("form", FORMS)
def test_every_address_costs_the_same_statements(
    app: Flask, submit: Submit, count_queries: CountQueries, form: str
) -> None:
    """The account is looked up when the mail is sent, so the time of the answer tells nothing."""
    done = []
    for address in ADDRESSES:
        with count_queries() as statements:
            ask(app, submit, form, address)
        done.append(statements)
    assert done[0]
    assert all(each == done[0] for each in done)
    assert not any("FROM users" in statement and "email" in statement for statement in done[0])


@pytest.mark.parametrize("form", FORMS)
def test_every_address_takes_the_same_time(
    app: Flask, submit: Submit, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setattr("dashboard.accounts.throttling.limits.PER_NETWORK", 10_000)
    quickest = {}
    for address in ADDRESSES:
        quickest[address] = min(timed(app, submit, form, address) for _ in range(TIMED))
    assert max(quickest.values()) < TIMES_SLOWER * min(quickest.values())


def timed(app: Flask, submit: Submit, form: str, address: str) -> float:
    """Return how many seconds a request takes."""
    begun = perf_counter()
    ask(app, submit, form, address)
    return perf_counter() - begun


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("server", ["dead_server", "hanging_server"])
def test_broken_server_is_not_visible(
    make_app: MakeApp, app: Flask, submit: Submit, request: pytest.FixtureRequest, form: str, server: str
) -> None:
    """As CVE-2024-45231 of Django, whose form for a reset failed with the mail, for known addresses only."""
    mail: MailServer = request.getfixturevalue(server)
    broken = make_app(mail=mail)
    expected = ask(app, submit, form, ADDRESSES[1])
    begun = perf_counter()
    answer = ask(broken, submit, form, ADDRESSES[0])
    assert perf_counter() - begun < 5
    assert (answer.status_code, answer.data) == (expected.status_code, expected.data)


@pytest.mark.parametrize(
    ("form", "expected"),
    [("/password/forgot", {ADDRESSES[0]}), ("/register", {ADDRESSES[0], ADDRESSES[1], ADDRESSES[3]})],
)
def test_only_those_who_have_to_know_get_a_mail(
    app: Flask, box: Mailbox, submit: Submit, form: str, expected: set[str]
) -> None:
    for address in ADDRESSES:
        ask(app, submit, form, address)
    send_due(app)
    assert {mail["To"] for mail in box.mails} == expected


def test_address_without_an_account_is_forgotten(app: Flask, submit: Submit) -> None:
    ask(app, submit, "/password/forgot", ADDRESSES[1])
    send_due(app)
    with app.app_context():
        assert db.session.query(QueuedMail).count() == 0


@pytest.mark.security(22)
@pytest.mark.parametrize("form", FORMS)
def test_asking_for_many_mails_is_told_when_to_try_again(app: Flask, submit: Submit, form: str) -> None:
    for number in range(10):
        assert ask(app, submit, form, f"a{number}@example.test").status_code == 303
    refused = ask(app, submit, form, "b@example.test")
    assert refused.status_code == 429
    assert 0 < int(refused.headers["Retry-After"]) <= 300
    assert "Too many mails were asked for from your network." in refused.text
    with app.app_context():
        assert db.session.query(QueuedMail).count() == 10


@pytest.mark.parametrize("form", FORMS)
def test_one_mailbox_gets_three_mails_in_an_hour(app: Flask, box: Mailbox, submit: Submit, form: str) -> None:
    for _ in range(8):
        ask(app, submit, form, ADDRESSES[0])
    send_due(app)
    assert len(box.to(ADDRESSES[0])) == 3
