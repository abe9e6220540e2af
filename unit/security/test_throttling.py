"""Lines 17 to 20 and 22: attempts to log in are limited, and nobody is locked out by others."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts.known_devices import KNOWN_FOR
from dashboard.accounts.models import KnownDevice
from dashboard.accounts.networks import network_of
from dashboard.accounts.throttling.flows import sweep
from dashboard.accounts.throttling.limits import IN_TOTAL, PER_NETWORK, PER_PAIR, PERIOD, general
from dashboard.accounts.throttling.models import AttemptCount
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_reset, an_account, the_account
from dashboard.testing.answers import is_redirect
from unit.accounts.drafting import NOON
from unit.conftest import ClientAs, MakeApp, SetClock, Submit
from unit.field_errors import field_error
from unit.security.throttled import ANN, ELSEWHERE, HERE, KIM, Enter, browser, fail

FULLWIDTH = 0xFEE0  # from an ASCII letter to its wide form

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures("kim_and_ann")]


@pytest.mark.security(17, 22)
@pytest.mark.parametrize("email", [KIM, "unknown@example.test", "no email", "kim\0@example.test", "é" * 3000])
def test_eleventh_attempt_on_an_account_is_told_when_to_try_again(enter: Enter, email: str) -> None:
    fail(enter, email=email)
    answer = enter(email)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= PERIOD.total_seconds()
    assert "Too many attempts with a wrong password. Try again in 5 minutes." in answer.text


@pytest.mark.security(17)
def test_right_password_is_refused_beyond_the_limit(enter: Enter) -> None:
    fail(enter)
    assert enter(KIM, PASSWORD).status_code == 429


@pytest.mark.security(17)
def test_spellings_of_an_email_count_together(enter: Enter) -> None:
    for domain in ("example.test", "no-account.test"):  # whether or not there is such an account
        wide = chr(ord(domain[0]) + FULLWIDTH) + domain[1:]
        emails = [f"KIM@{domain}", f" kim@{domain} ", f"kim@{wide}"] * 4
        answers = [enter(email, address=f"198.51.100.{len(domain)}") for email in emails]
        assert [answer.status_code for answer in answers] == [200] * 10 + [429] * 2


def test_attempts_are_allowed_again_after_five_minutes(enter: Enter, set_clock: SetClock) -> None:
    set_clock(NOON)
    fail(enter)
    set_clock(PERIOD - timedelta(seconds=30))
    answer = enter(KIM, PASSWORD)
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "30")
    assert "Try again in 1 minute." in answer.text
    set_clock(timedelta(seconds=30))
    assert is_redirect(enter(KIM, PASSWORD))


def test_success_forgets_the_failed_attempts(app: Flask, submit: Submit) -> None:
    client = browser(app, HERE)
    for _ in range(3):
        for _ in range(PER_PAIR - 1):
            assert submit(client, "/login", email=KIM, password="wrong").status_code == 200
        assert is_redirect(submit(client, "/login", email=KIM, password=PASSWORD))
        submit(client, "/logout")


@pytest.mark.security(18)
def test_attacker_elsewhere_locks_nobody_out(enter: Enter) -> None:
    fail(enter, address=ELSEWHERE)
    assert enter(KIM, address=ELSEWHERE).status_code == 429
    assert is_redirect(enter(KIM, PASSWORD))


@pytest.mark.security(17)
def test_network_that_tries_many_accounts_is_limited(enter: Enter) -> None:
    for number in range(PER_NETWORK):
        assert enter(f"person{number}@example.test").status_code == 200
    assert enter(ANN, PASSWORD).status_code == 429
    assert is_redirect(enter(ANN, PASSWORD, ELSEWHERE))


@pytest.mark.security(18)
def test_reset_lets_its_user_in_at_once(app: Flask, enter: Enter, submit: Submit) -> None:
    fail(enter)
    with app.app_context():
        token = a_reset(the_account(KIM))
        db.session.commit()
    client = browser(app, HERE)
    submit(client, f"/reset?token={token}", password=NEW_PASSWORD, confirm=NEW_PASSWORD)
    assert is_redirect(submit(client, "/login", email=KIM, password=NEW_PASSWORD))


def test_sixteen_people_log_in_from_one_office(app: Flask, enter: Enter) -> None:
    emails = [f"person{number}@office.test" for number in range(16)]
    with app.app_context():
        for email in emails:
            an_account(email=email)
        db.session.commit()
    fail(enter, PER_NETWORK - 1, emails[0])
    assert [enter(email, PASSWORD).status_code for email in emails] == [303] * 16


@pytest.mark.security(17, 18)
def test_total_is_limited_for_users_who_are_not_known(app: Flask, enter: Enter, submit: Submit) -> None:
    known = browser(app, HERE)
    submit(known, "/login", email=ANN, password=PASSWORD)
    submit(known, "/logout")
    fail(enter, 1)
    with app.app_context():
        key = next(limit.key for limit in general(ELSEWHERE) if limit.most == IN_TOTAL)
        begin_write(db.session)
        db.session.get_one(AttemptCount, key).number = IN_TOTAL
        db.session.commit()
    assert enter(KIM, PASSWORD, ELSEWHERE).status_code == 429
    assert is_redirect(submit(known, "/login", email=ANN, password=PASSWORD))


@pytest.mark.security(19)
def test_limits_hold_across_nodes(enter: Enter, make_app: MakeApp, submit: Submit) -> None:
    fail(enter)
    other = browser(make_app(), HERE)
    assert submit(other, "/login", email=KIM, password=PASSWORD).status_code == 429


@pytest.mark.security(20)
def test_forwarded_address_counts_only_from_a_trusted_proxy(
    app: Flask, make_app: MakeApp, submit: Submit
) -> None:
    behind = make_app(trusted_proxies=1)
    for console, last in ((app, 429), (behind, 303)):
        for number in range(PER_PAIR + 1):
            client = browser(console, "192.0.2.1" if console is app else "192.0.2.2")
            client.environ_base["HTTP_X_FORWARDED_FOR"] = f"198.51.100.{number}"
            password = PASSWORD if number == PER_PAIR else "wrong"
            answer = submit(client, "/login", email=KIM, password=password)
        assert answer.status_code == last


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("203.0.113.5", "203.0.113.5"),
        ("::ffff:203.0.113.5", "203.0.113.5"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::/56"),
        ("2001:db8:1:2::", "2001:db8:1::/56"),
        ("", ""),
        ("unix:", ""),
        ("203.0.113.5:8080", "203.0.113.5"),
        ("[2001:db8:1:2::9]:443", "2001:db8:1::/56"),
        ("0.0.0.0/0", ""),
    ],
)
def test_network_of_an_address(address: str, network: str) -> None:
    assert network_of(address) == network


def test_sweep_deletes_what_has_ended(app: Flask, enter: Enter, set_clock: SetClock) -> None:
    enter(ANN, PASSWORD)
    fail(enter, 1)
    with app.app_context():
        sweep()
        assert db.session.scalar(select(func.count()).select_from(AttemptCount)) == 3
        set_clock(PERIOD)
        sweep()
        assert db.session.scalar(select(func.count()).select_from(AttemptCount)) == 0
        assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 1
        set_clock(KNOWN_FOR)
        sweep()
        assert db.session.scalar(select(func.count()).select_from(KnownDevice)) == 0


@pytest.mark.security(17, 22)
def test_current_password_cannot_be_guessed_in_the_profile(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    client = client_as(KIM)
    new = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
    for _ in range(PER_PAIR):
        one = submit(client, "/profile/password", current="wrong", **new)
        assert (one.status_code, one.location) == (200, None)
    answer = submit(client, "/profile/password", current=PASSWORD, **new)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert "Too many attempts with a wrong password." in answer.text


def test_first_password_of_an_account_is_throttled(
    app: Flask, client_as: ClientAs, enter: Enter, submit: Submit
) -> None:
    client = client_as(KIM)
    with app.app_context():
        the_account(KIM).password_hash = ""
        db.session.commit()
    fail(enter, address="127.0.0.1")
    answer = submit(client, "/profile/password", password=NEW_PASSWORD, confirm=NEW_PASSWORD)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"]
    assert field_error(answer.text, "password").startswith("Too many attempts with a wrong password.")


def test_refused_new_passwords_are_no_attempts_to_guess(client_as: ClientAs, submit: Submit) -> None:
    client = client_as(KIM)
    for _ in range(PER_PAIR + 1):
        answer = submit(client, "/profile/password", current=PASSWORD, password="short", confirm="short")
        assert answer.status_code == 200
    new = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
    assert is_redirect(submit(client, "/profile/password", current=PASSWORD, **new))


def test_refused_attempts_write_nothing(app: Flask, enter: Enter) -> None:
    for number in range(PER_NETWORK):
        enter(f"person{number}@example.test")
    with app.app_context():
        before = db.session.scalar(select(func.count()).select_from(AttemptCount))
    for number in range(PER_NETWORK, PER_NETWORK + 5):
        assert enter(f"person{number}@example.test").status_code == 429
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(AttemptCount)) == before
