"""Logging in with a second factor: what the password alone opens, and what ends a begun login."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from dashboard.accounts.begun_logins import LASTS
from dashboard.accounts.managing import deactivate_accounts, log_out_everywhere
from dashboard.accounts.models import BegunLogin, UserSession
from dashboard.accounts.second_factor.flows import reset_factors
from dashboard.accounts.second_step.views import AGAIN
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.throttling.limits import CODES_A_DAY, CODES_PER_ACCOUNT, PER_PAIR, PERIOD
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_reset, email_of, the_account
from dashboard.testing.second_factors import code_of
from unit.accounts.second_factors.steps import FACTOR, RECOVERY, Begin, is_in, lets_in
from unit.admin.reading import flashes, read
from unit.conftest import ClientAs, Csrf, SetClock, Submit
from unit.security.cookies import cookie_of, with_cookie
from unit.security_log.reading import events, the_event
from unit.surface import addresses

pytestmark = pytest.mark.both_databases

CANDIDATES = ("000000", "111111", "222222", "333333", "444444", "555555")


def wrong(seed: str) -> str:
    """A code that no step near now has."""
    near = {code_of(seed, steps=steps) for steps in range(-2, 3)}
    return next(code for code in CANDIDATES if code not in near)


def test_password_and_code_log_in(app: Flask, seed: str, begin: Begin, submit: Submit) -> None:
    client = begin(goal="/admin/categories/?q=a")
    page = client.get(f"{FACTOR}?next=/admin/categories/%3Fq%3Da")
    assert "one-time-code" in page.text
    assert flashes(page.text) == []
    answer = submit(client, f"{FACTOR}?next=/admin/categories/%3Fq%3Da", one_time_code=code_of(seed))
    assert answer.location == "/admin/categories/?q=a"
    assert flashes(client.get(answer.location).text) == [("success", "Logged in successfully.")]
    row = the_event(app)
    assert (row.event, row.facts) == (Event.LOGGED_IN, {"factor": "authenticator"})


@pytest.mark.security(64)
def test_password_alone_opens_no_page(app: Flask, seed: str, begin: Begin, client_as: ClientAs) -> None:
    client, stranger = begin(), app.test_client()
    for address in sorted(set(addresses(app, "GET")) - {FACTOR}):
        assert client.get(address).status_code == stranger.get(address).status_code, address
    assert client.get("/admin/").location.startswith("/login?next=")
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(UserSession)) == 0


@pytest.mark.security(25, 27)
def test_second_step_gives_a_new_cookie_and_a_new_csrf_token(
    app: Flask, seed: str, begin: Begin, submit: Submit, csrf: Csrf
) -> None:
    client = begin()
    csrf(client)
    begun, token = cookie_of(client), csrf(client)
    assert lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
    assert client.post("/logout", data={"csrf_token": token}).status_code == 400
    copy = with_cookie(app, begun)
    assert not is_in(copy)
    assert copy.get(FACTOR).location.startswith("/login")
    assert is_in(client)


def test_wrong_code_is_refused_and_said(app: Flask, seed: str, begin: Begin, submit: Submit) -> None:
    client = begin()
    answer = submit(client, FACTOR, one_time_code=wrong(seed))
    assert answer.status_code == 200
    assert "The code is wrong, or was used already." in answer.text
    assert wrong(seed) not in answer.text
    assert not is_in(client)
    row = the_event(app)
    assert (row.event, row.facts) == (Event.LOGIN_FAILED, {"reason": "wrong code"})


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "1" * 21, "é" * 6, "\0" * 6, "no code"])
def test_text_that_is_no_code_is_refused(seed: str, begin: Begin, submit: Submit, code: str) -> None:
    client = begin()
    assert submit(client, FACTOR, one_time_code=code).status_code == 200
    assert not is_in(client)


@pytest.mark.parametrize("write", [lambda code: f" {code[:3]} {code[3:]} ", lambda code: _wide(code)])
def test_code_is_accepted_however_it_is_written(
    seed: str, begin: Begin, submit: Submit, write: Callable[[str], str]
) -> None:
    assert lets_in(submit(begin(), FACTOR, one_time_code=write(code_of(seed))))


def _wide(code: str) -> str:
    return "".join(chr(ord(digit) + 0xFEE0) for digit in code)


@pytest.mark.parametrize(("early", "is_let_in"), [(timedelta(seconds=1), True), (timedelta(), False)])
def test_begun_login_expires_after_ten_minutes(
    seed: str, begin: Begin, submit: Submit, set_clock: SetClock, early: timedelta, is_let_in: bool
) -> None:
    assert timedelta(minutes=10) == LASTS
    client = begin()
    set_clock(LASTS - early)
    answer = submit(client, f"{FACTOR}?next=/admin/categories/", one_time_code=code_of(seed))
    assert lets_in(answer) is is_let_in
    if not is_let_in:
        assert answer.location == "/login?next=%2Fadmin%2Fcategories%2F"
        assert flashes(client.get(answer.location).text) == [("warning", AGAIN)]


def test_expired_begun_logins_are_deleted(app: Flask, seed: str, begin: Begin, set_clock: SetClock) -> None:
    begin()
    set_clock(LASTS)
    begin()
    with app.app_context():
        assert db.session.scalar(select(func.count()).select_from(BegunLogin)) == 1


ENDED_BY = {
    "deactivating": lambda user: deactivate_accounts(None, [user]),
    "logging out everywhere": lambda user: log_out_everywhere(None, [user]),
    "resetting factors": lambda user: reset_factors(None, [user]),
}


@pytest.mark.security(31, 32)
@pytest.mark.parametrize("end", ENDED_BY.values(), ids=ENDED_BY)
def test_begun_login_ends_with_the_sessions_of_its_user(
    app: Flask, seed: str, codes: list[str], begin: Begin, submit: Submit, end: Callable[[object], object]
) -> None:
    client = begin()
    with app.app_context():
        end(the_account("viewer"))
        db.session.commit()
    assert submit(client, FACTOR, one_time_code=code_of(seed)).location.startswith("/login?next=")
    assert not is_in(client)


@pytest.mark.security(31, 66)
def test_reset_of_the_password_ends_a_begun_login_and_asks_for_the_factor(
    app: Flask, seed: str, begin: Begin, submit: Submit
) -> None:
    client = begin()
    with app.app_context():
        token = a_reset(the_account("viewer"))
        db.session.commit()
    browser = app.test_client()
    new = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
    assert submit(browser, f"/reset?token={token}", **new).location == "/login"
    assert not lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
    answer = submit(browser, "/login", email=email_of("viewer"), password=NEW_PASSWORD)
    assert answer.location.startswith(FACTOR)
    assert not is_in(browser)


@pytest.mark.security(65)
def test_reset_link_ends_with_the_second_step_and_not_before(
    app: Flask, seed: str, begin: Begin, submit: Submit
) -> None:
    with app.app_context():
        link = f"/reset?token={a_reset(the_account('viewer'))}"
        db.session.commit()
    client = begin()
    assert app.test_client().get(link).status_code == 200
    assert lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
    assert app.test_client().get(link).status_code == 404


def test_page_of_the_second_step_without_a_begun_login_leads_to_the_login(
    client: FlaskClient, seed: str, submit: Submit
) -> None:
    assert client.get(FACTOR).location.startswith("/login?next=")
    assert submit(client, FACTOR, one_time_code=code_of(seed)).location.startswith("/login?next=")


def test_page_of_the_second_step_leads_on_when_logged_in(client_as: ClientAs) -> None:
    client = client_as("viewer")
    assert client.get(f"{FACTOR}?next=/admin/categories/").location == "/admin/categories/"
    assert flashes(client.get("/admin/categories/").text) == [("warning", "You are already logged in.")]


@pytest.mark.security(42)
@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_second_step_leads_to_no_other_site(seed: str, begin: Begin, submit: Submit, target: str) -> None:
    answer = submit(begin(), f"{FACTOR}?next={target}", one_time_code=code_of(seed))
    assert answer.location == "/admin/products/"


def test_user_without_a_factor_is_not_asked(app: Flask, submit: Submit, client: FlaskClient) -> None:
    with app.app_context():
        the_account("editor")
        db.session.commit()
    answer = submit(client, "/login", email=email_of("editor"), password=PASSWORD)
    assert answer.location == "/admin/products/"


@pytest.mark.security(64)
def test_recovery_codes_without_a_factor_ask_for_nothing(
    app: Flask, codes: list[str], submit: Submit, client: FlaskClient
) -> None:
    with app.app_context():
        db.session.execute(db.text("DELETE FROM authenticators"))
        db.session.commit()
    assert lets_in(submit(client, "/login", email=email_of("viewer"), password=PASSWORD))


def test_links_lead_to_the_other_factors(codes: list[str], begin: Begin) -> None:
    client = begin()
    links = read(client.get(f"{FACTOR}?next=/admin/").text).all("a", class_="button")
    assert f"{FACTOR}?way=recovery-code&next=/admin/" in [link.attributes["href"] for link in links]
    assert 'name="recovery_code"' in client.get(RECOVERY).text


@pytest.mark.security(21)
class TestGuessing:
    """Attempts at codes are limited, whoever has the password."""

    def test_codes_and_passwords_count_together(
        self, seed: str, begin: Begin, submit: Submit, app: Flask
    ) -> None:
        client = begin()
        for _ in range(PER_PAIR - 1):
            assert submit(client, FACTOR, one_time_code=wrong(seed)).status_code == 200
        answer = submit(client, FACTOR, one_time_code=code_of(seed))
        assert answer.status_code == 429
        assert 0 < int(answer.headers["Retry-After"]) <= PERIOD.total_seconds()
        assert "Too many attempts with a wrong code. Try again in 5 minutes." in answer.text
        again = submit(app.test_client(), "/login", email=email_of("viewer"), password=PASSWORD)
        assert again.status_code == 429

    def test_entering_the_password_again_gives_no_further_guesses(
        self, app: Flask, seed: str, begin: Begin, submit: Submit
    ) -> None:
        for _ in range(PER_PAIR // 2):
            assert submit(begin(), FACTOR, one_time_code=wrong(seed)).status_code == 200
        login = submit(app.test_client(), "/login", email=email_of("viewer"), password=PASSWORD)
        assert login.status_code == 429

    def test_codes_of_an_account_are_limited_over_all_networks(
        self, seed: str, begin: Begin, submit: Submit
    ) -> None:
        for number in range(CODES_PER_ACCOUNT):
            client = begin(address=f"198.51.100.{number}")
            assert submit(client, FACTOR, one_time_code=wrong(seed)).status_code == 200
        answer = submit(begin(address="198.51.100.99"), FACTOR, one_time_code=code_of(seed))
        assert answer.status_code == 429

    def test_user_of_a_known_browser_is_not_kept_out_by_guesses_from_others(
        self, seed: str, begin: Begin, submit: Submit, set_clock: SetClock
    ) -> None:
        known = begin()
        assert lets_in(submit(known, FACTOR, one_time_code=code_of(seed)))
        submit(known, "/logout")
        for number in range(CODES_PER_ACCOUNT):
            submit(begin(address=f"198.51.100.{number}"), FACTOR, one_time_code=wrong(seed))
        set_clock(timedelta(seconds=30))
        submit(known, "/login", email=email_of("viewer"), password=PASSWORD)
        assert lets_in(submit(known, FACTOR, one_time_code=code_of(seed)))

    def test_codes_of_a_day_are_limited(
        self, seed: str, begin: Begin, submit: Submit, set_clock: SetClock
    ) -> None:
        assert lets_in(submit(begin(), FACTOR, one_time_code=code_of(seed)))
        for _ in range(CODES_A_DAY // 5):
            set_clock(PERIOD)
            client = begin()
            for _ in range(5):
                assert submit(client, FACTOR, one_time_code=wrong(seed)).status_code == 200
        set_clock(PERIOD)
        answer = submit(begin(), FACTOR, one_time_code=code_of(seed))
        assert answer.status_code == 429
        assert "Try again in 2" in answer.text
        assert "hours" in answer.text

    def test_success_forgets_the_attempts_of_five_minutes(
        self, seed: str, begin: Begin, submit: Submit, set_clock: SetClock
    ) -> None:
        client = begin()
        for _ in range(PER_PAIR - 2):
            submit(client, FACTOR, one_time_code=wrong(seed))
        assert lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
        set_clock(timedelta(seconds=30))
        assert submit(begin(), FACTOR, one_time_code=wrong(seed)).status_code == 200


def test_asking_for_the_factor_is_logged(app: Flask, seed: str, begin: Begin) -> None:
    begin()
    assert [row.event for row in events(app)][-1] == Event.FACTOR_ASKED
