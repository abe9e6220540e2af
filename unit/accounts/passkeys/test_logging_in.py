"""Logging in with a passkey, without a password."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.login.by_passkey import WRONG
from dashboard.accounts.managing import deactivate_accounts
from dashboard.accounts.passkeys.challenges import LASTS
from dashboard.accounts.passkeys.forms import NEEDS
from dashboard.accounts.passkeys.models import Passkey, UsedChallenge
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.throttling.limits import PER_NETWORK
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, a_reset, email_of, the_account
from dashboard.testing.passkeys import BACKED_UP, CAN_BACK_UP, GOOD, Device, a_passkey, options_on
from unit.accounts.passkeys.steps import BENT_USES, BY_PASSKEY, LOGIN, NOON, Rows, is_in, use
from unit.admin.reading import flashes
from unit.conftest import ClientAs, MakeApp, SetClock, Submit
from unit.consoles import SECRET_KEY
from unit.digest import database_digest
from unit.security_log.reading import the_event

pytestmark = pytest.mark.both_databases


@pytest.mark.security(62)
def test_passkey_logs_in_without_a_password_or_another_factor(
    app: Flask, device: Device, submit: Submit, rows: Rows
) -> None:
    client, goal = app.test_client(), "/admin/categories/?q=a"
    options = options_on(client.get(LOGIN).text)
    assert (options["rpId"], options["userVerification"]) == ("localhost", "required")
    assert options["allowCredentials"] == []
    sent = device.use(options, flags=GOOD | CAN_BACK_UP | BACKED_UP)
    answer = submit(client, f"{BY_PASSKEY}?next=/admin/categories/%3Fq%3Da", passkey=sent)
    assert (answer.status_code, answer.location) == (303, goal)
    assert flashes(client.get(goal).text) == [("success", "Logged in successfully.")]
    row = the_event(app)
    assert (row.event, row.subject, row.facts) == (
        Event.LOGGED_IN,
        email_of("viewer"),
        {"factor": "passkey"},
    )
    [stored] = rows(Passkey)
    assert (stored.sign_count, stored.used_at, stored.backed_up) == (1, NOON, True)


def test_opening_the_login_page_stores_nothing(app: Flask, device: Device) -> None:
    before, client = database_digest(app), app.test_client()
    first, second = (options_on(client.get(LOGIN).text)["challenge"] for _ in range(2))
    third = client.get(f"{BY_PASSKEY}/options").json["challenge"]  # type: ignore[index]
    assert len({first, second, third}) == 3
    assert database_digest(app) == before


def test_options_for_a_page_that_is_open_for_long_are_new(
    app: Flask, device: Device, submit: Submit, set_clock: SetClock
) -> None:
    client = app.test_client()
    old = options_on(client.get(LOGIN).text)
    set_clock(LASTS)
    new = client.get(f"{BY_PASSKEY}/options").json
    assert {**old, "challenge": ""} == {**new, "challenge": ""}  # type: ignore[dict-item]
    assert submit(client, BY_PASSKEY, passkey=device.use(old)).status_code == 200
    assert submit(client, BY_PASSKEY, passkey=device.use(new)).status_code == 303  # type: ignore[arg-type]


@pytest.mark.security(62)
@pytest.mark.parametrize("bent", BENT_USES.values(), ids=BENT_USES)
def test_bent_answer_is_refused(
    app: Flask, device: Device, submit: Submit, rows: Rows, bent: dict[str, Any]
) -> None:
    client = app.test_client()
    answer = use(submit, client, LOGIN, device, **bent)
    assert (answer.status_code, WRONG in answer.text) == (200, True)
    assert not is_in(client)
    [stored] = rows(Passkey)
    assert (stored.sign_count, stored.used_at) == (0, None)
    assert rows(UsedChallenge) == []


@pytest.mark.security(62)
def test_answer_counts_once(app: Flask, device: Device, submit: Submit) -> None:
    """Also where the device does not count, and the browser has the cookie of before again."""
    device.counts = False
    client = app.test_client()
    sent = device.use(options_on(client.get(LOGIN).text))
    with client.session_transaction() as session:
        before = dict(session)
    assert submit(client, BY_PASSKEY, passkey=sent).status_code == 303
    again = app.test_client()
    with again.session_transaction() as session:
        session.update(before)
    assert WRONG in submit(again, BY_PASSKEY, passkey=sent).text
    assert not is_in(again)


@pytest.mark.security(62)
def test_answer_of_another_browser_is_refused(app: Flask, device: Device, submit: Submit) -> None:
    options = options_on(app.test_client().get(LOGIN).text)
    other = app.test_client()
    other.get(LOGIN)
    assert WRONG in submit(other, BY_PASSKEY, passkey=device.use(options)).text
    assert not is_in(other)


@pytest.mark.security(62)
@pytest.mark.parametrize(("early", "is_good"), [(timedelta(seconds=1), True), (timedelta(), False)])
def test_challenge_lasts_five_minutes(
    app: Flask, device: Device, submit: Submit, set_clock: SetClock, early: timedelta, is_good: bool
) -> None:
    assert timedelta(minutes=5) == LASTS
    client = app.test_client()
    options = options_on(client.get(LOGIN).text)
    set_clock(LASTS - early)
    answer = submit(client, BY_PASSKEY, passkey=device.use(options))
    assert (answer.status_code == 303) is is_good


def test_used_challenges_are_kept_until_they_expire(
    app: Flask, device: Device, submit: Submit, rows: Rows, set_clock: SetClock
) -> None:
    for number, wait in ((1, timedelta()), (2, LASTS - timedelta(seconds=1)), (2, timedelta(seconds=1))):
        set_clock(wait)
        assert use(submit, app.test_client(), LOGIN, device).status_code == 303
        assert len(rows(UsedChallenge)) == number


def test_change_of_keys_breaks_no_open_page(app: Flask, device: Device, make_app: MakeApp) -> None:
    with app.app_context():
        key = the_account("viewer").id
    later = make_app(secret_key="5" + SECRET_KEY[1:], secret_key_fallbacks=(SECRET_KEY,))
    client = app.test_client()
    page = client.get(LOGIN)
    token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
    browser = later.test_client()
    for cookie in page.headers.getlist("Set-Cookie"):
        name, _, rest = cookie.partition("=")
        browser.set_cookie(name, rest.split(";")[0])
    sent = {"csrf_token": token, "passkey": device.use(options_on(page.text))}
    assert browser.post(BY_PASSKEY, data=sent).status_code == 303
    assert key


class TestTheNumberOfUses:
    @pytest.mark.security(62)
    @pytest.mark.parametrize("count", [0, 4, 5])
    def test_number_that_goes_back_is_refused_and_logged(
        self, app: Flask, device: Device, submit: Submit, rows: Rows, count: int
    ) -> None:
        assert use(submit, app.test_client(), LOGIN, device, count=5).status_code == 303
        client = app.test_client()
        assert WRONG in use(submit, client, LOGIN, device, count=count).text
        assert not is_in(client)
        assert rows(Passkey)[0].sign_count == 5
        with app.app_context():
            logged = db.session.execute(db.text("SELECT event, subject FROM security_events")).all()
        assert (Event.PASSKEY_REFUSED, email_of("viewer")) in [tuple(row) for row in logged]

    def test_device_that_does_not_count_logs_in_every_time(
        self, app: Flask, device: Device, submit: Submit
    ) -> None:
        device.counts = False
        for _ in range(2):
            assert use(submit, app.test_client(), LOGIN, device).status_code == 303


@pytest.mark.security(14)
def test_unknown_and_deactivated_are_answered_alike(
    app: Flask, device: Device, other_device: Device, submit: Submit
) -> None:
    with app.app_context():
        deactivate_accounts(None, [the_account("editor")])
        db.session.commit()
    unknown = Device(handle=device.handle)
    answers = [
        use(submit, app.test_client(), LOGIN, each, **bent)
        for each, bent in ((unknown, {}), (other_device, {}), (device, {"origin": "https://evil.test"}))
    ]
    assert {answer.status_code for answer in answers} == {200}
    assert all(WRONG in answer.text for answer in answers)
    assert len({len(answer.text) for answer in answers}) == 1
    assert the_event(app).event == Event.LOGIN_FAILED


@pytest.mark.security(32)
def test_deactivated_account_is_refused(app: Flask, device: Device, submit: Submit) -> None:
    client = app.test_client()
    options = options_on(client.get(LOGIN).text)
    with app.app_context():
        deactivate_accounts(None, [the_account("viewer")])
        db.session.commit()
    submit(client, BY_PASSKEY, passkey=device.use(options))
    assert not is_in(client)
    assert the_event(app).facts == {"reason": "account is deactivated"}


def test_answer_without_the_name_of_its_user_is_refused(app: Flask, device: Device, submit: Submit) -> None:
    assert WRONG in use(submit, app.test_client(), LOGIN, device, handle=b"").text


@pytest.mark.security(17, 22)
def test_attempts_are_limited(app: Flask, device: Device, submit: Submit) -> None:
    for _ in range(PER_NETWORK):
        answer = use(submit, app.test_client(), LOGIN, device, origin="https://evil.test")
        assert answer.status_code == 200
    answer = use(submit, app.test_client(), LOGIN, device)
    assert answer.status_code == 429
    assert int(answer.headers["Retry-After"]) > 0
    assert "Too many attempts with a wrong passkey. Try again in 5 minutes." in answer.text
    password = submit(app.test_client(), LOGIN, email=email_of("viewer"), password=PASSWORD)
    assert password.status_code == 429


@pytest.mark.security(65)
def test_login_ends_the_link_for_a_reset(app: Flask, device: Device, submit: Submit) -> None:
    with app.app_context():
        link = f"/reset?token={a_reset(the_account('viewer'))}"
        db.session.commit()
    assert use(submit, app.test_client(), LOGIN, device).status_code == 303
    assert app.test_client().get(link).status_code == 404


@pytest.mark.security(42)
@pytest.mark.parametrize("target", ["//evil.test", "https://evil.test", "/\\evil.test"])
def test_login_leads_to_no_other_site(app: Flask, device: Device, submit: Submit, target: str) -> None:
    client = app.test_client()
    sent = device.use(options_on(client.get(LOGIN).text))
    answer = submit(client, f"{BY_PASSKEY}?next={target}", passkey=sent)
    assert answer.location == "/admin/products/"


def test_who_is_logged_in_is_not_logged_in_again(
    client_as: ClientAs, other_device: Device, submit: Submit
) -> None:
    client = client_as("viewer")
    answer = submit(client, BY_PASSKEY, passkey="x")
    assert flashes(client.get(answer.location).text) == [("warning", "You are already logged in.")]


def test_page_of_a_refused_passkey_loaded_again_is_the_login_page(app: Flask) -> None:
    assert app.test_client().get(BY_PASSKEY).location == "/login"


def test_page_without_a_script_says_what_is_needed(app: Flask, submit: Submit) -> None:
    client = app.test_client()
    assert NEEDS in client.get(LOGIN).text
    assert NEEDS in submit(client, BY_PASSKEY, passkey="").text


def make(app: Flask, make: Callable[[], Any]) -> Any:
    with app.app_context():
        made = make()
        db.session.commit()
        return made


def test_one_user_may_have_several_passkeys(app: Flask, device: Device, submit: Submit, rows: Rows) -> None:
    second = make(app, lambda: a_passkey(the_account("viewer"), "Phone"))
    for each in (device, second):
        assert use(submit, app.test_client(), LOGIN, each).status_code == 303
    assert [row.sign_count for row in rows(Passkey)] == [1, 1]
