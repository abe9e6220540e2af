"""Lines 17 and 18: attempts from a browser that an account has logged in from are counted apart."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.known_devices import ACCOUNTS_PER_BROWSER, BETWEEN, DEVICES_PER_USER, KNOWN_FOR
from dashboard.accounts.models import KnownDevice
from dashboard.accounts.throttling.flows import succeed
from dashboard.accounts.throttling.limits import PER_NETWORK, PER_PAIR, PERIOD
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import SetClock, Submit
from unit.security.throttled import ANN, ELSEWHERE, HERE, KIM, Enter, browser, fail

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("kim_and_ann")]


@pytest.mark.security(18)
def test_known_browser_enters_a_limited_network(
    app: Flask, enter: Enter, submit: Submit, set_clock: SetClock
) -> None:
    known = browser(app, HERE)
    for since, status in ((timedelta(), 303), (timedelta(days=1), 303), (KNOWN_FOR, 429)):
        set_clock(since)
        for number in range(PER_NETWORK):
            enter(f"person{number}@example.test")
        assert enter(ANN, PASSWORD).status_code == 429
        if not since:
            set_clock(PERIOD)
        assert submit(known, "/login", email=ANN, password=PASSWORD).status_code == status
        submit(known, "/logout")


@pytest.mark.security(18)
def test_neighbour_in_the_network_keeps_nobody_out_of_a_known_browser(
    app: Flask, enter: Enter, submit: Submit
) -> None:
    known = browser(app, HERE)
    submit(known, "/login", email=KIM, password=PASSWORD)
    submit(known, "/logout")
    fail(enter)
    assert enter(KIM, PASSWORD).status_code == 429
    assert is_redirect(submit(known, "/login", email=KIM, password=PASSWORD))


@pytest.mark.security(17)
def test_known_browser_has_a_limit_of_its_own(app: Flask, enter: Enter, submit: Submit) -> None:
    known = browser(app, HERE)
    submit(known, "/login", email=KIM, password=PASSWORD)
    submit(known, "/logout")
    answers = [submit(known, "/login", email=KIM, password="wrong") for _ in range(PER_PAIR + 1)]
    assert [answer.status_code for answer in answers] == [200] * PER_PAIR + [429]
    assert is_redirect(enter(KIM, PASSWORD, ELSEWHERE))


@pytest.mark.security(17)
def test_browser_is_known_to_the_accounts_that_logged_in_alone(
    app: Flask, enter: Enter, submit: Submit
) -> None:
    known = browser(app, HERE)
    submit(known, "/login", email=KIM, password=PASSWORD)
    submit(known, "/logout")
    for number in range(PER_NETWORK):
        enter(f"person{number}@example.test")
    assert submit(known, "/login", email=ANN, password=PASSWORD).status_code == 429


@pytest.mark.security(26)
@pytest.mark.parametrize("token", ["planted", "x" * 65, "x" * 4_000, "planted.again..", ""])
def test_token_that_was_not_given_by_the_console_is_replaced(app: Flask, submit: Submit, token: str) -> None:
    client = browser(app, HERE)
    client.set_cookie("device", token)
    submit(client, "/login", email=KIM, password=PASSWORD)
    found = client.get_cookie("device")
    assert found is not None
    assert found.value != token
    assert len(found.value) == 32  # 24 random bytes


def tokens_after(submit: Submit, client: FlaskClient, email: str) -> list[str]:
    """Log in and out, and return the tokens that the cookie of the browser holds then."""
    submit(client, "/login", email=email, password=PASSWORD)
    submit(client, "/logout")
    found = client.get_cookie("device")
    assert found is not None
    return found.value.split(BETWEEN)


@pytest.mark.security(17)
def test_accounts_of_one_browser_have_tokens_of_their_own(app: Flask, submit: Submit) -> None:
    client = browser(app, HERE)
    (of_kim,) = tokens_after(submit, client, KIM)
    of_ann, second = tokens_after(submit, client, ANN)
    assert of_ann != of_kim == second
    assert tokens_after(submit, client, KIM) == [of_kim, of_ann]
    with app.app_context():
        rows = db.session.execute(select(KnownDevice.user_id, KnownDevice.token_hash)).all()
    assert len(rows) == len({key for _, key in rows}) == 2


@pytest.mark.security(17)
def test_token_of_another_account_is_not_adopted(app: Flask, enter: Enter, submit: Submit) -> None:
    attacker, victim = browser(app, ELSEWHERE), browser(app, HERE)
    (planted,) = tokens_after(submit, attacker, ANN)
    victim.set_cookie("device", planted)
    tokens_after(submit, victim, KIM)
    fail(enter, address=ELSEWHERE)
    assert submit(attacker, "/login", email=KIM, password=PASSWORD).status_code == 429


def test_browser_holds_the_tokens_of_its_last_accounts(app: Flask, submit: Submit) -> None:
    emails = [f"person{number}@example.test" for number in range(ACCOUNTS_PER_BROWSER + 1)]
    with app.app_context():
        for email in emails:
            an_account(email=email)
        db.session.commit()
    client = browser(app, HERE)
    given = [tokens_after(submit, client, email)[0] for email in emails]
    assert tokens_after(submit, client, emails[-1]) == given[:0:-1]


def test_last_browsers_of_a_user_are_known(app: Flask, set_clock: SetClock) -> None:
    with app.app_context():
        found: list[str] = []
        for _ in range(DEVICES_PER_USER + 5):
            set_clock(timedelta(minutes=1))
            with app.test_request_context("/login"):
                succeed(the_account(KIM), HERE)
                newest = select(KnownDevice.token_hash).order_by(KnownDevice.used_at.desc()).limit(1)
                found += db.session.scalars(newest).all()
                db.session.commit()
        assert {*db.session.scalars(select(KnownDevice.token_hash))} == {*found[5:]}
