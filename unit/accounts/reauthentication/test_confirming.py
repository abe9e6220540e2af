"""The page on which users prove again who they are, and what a proof counts for (security line 57)."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from dashboard.accounts.logged_out import LOG_IN_AGAIN
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.reauthentication.password import PASSWORD as PASSWORD_WAY
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.reauthentication.views import CONFIRMED, NOT_YET
from dashboard.accounts.reauthentication.ways import add_way
from dashboard.accounts.sessions import IDLE, LIFETIME, end_sessions
from dashboard.accounts.throttling.limits import PER_PAIR, PERIOD
from dashboard.accounts.tokens import hash_token
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from unit.accounts.proving import CONFIRM, NOON, Stale, asks_for_proof, prove
from unit.admin.reading import flashes, value
from unit.conftest import ClientAs, Csrf, MakeApp, SetClock, Submit

pytestmark = pytest.mark.both_databases

NEXT = f"{CONFIRM}?next=/admin/users/"


@pytest.fixture
def key(app: Flask) -> int:
    """The id of an account that others can change."""
    with app.app_context():
        found = the_account("viewer").id
        db.session.commit()
        return found


def renames(submit: Submit, client: FlaskClient, key: int) -> bool:
    """Whether a browser may change an account at once."""
    address = f"/admin/users/edit/?id={key}"
    page = client.get(address).text
    return not asks_for_proof(
        submit(
            client,
            address,
            name="Kim",
            role="editor",
            **{"dashboard-version": value(page, "dashboard-version")},
        )
    )


def token_of(client: FlaskClient) -> str:
    with client.session_transaction() as session:
        return str(session["_user_id"])


def row_of(app: Flask, client: FlaskClient) -> UserSession:
    token = hash_token(token_of(client))
    with app.app_context():
        return db.session.scalars(select(UserSession).where(UserSession.token_hash == token)).one()


@pytest.mark.security(57)
@pytest.mark.parametrize(("beyond", "is_asked"), [(timedelta(), False), (timedelta(seconds=1), True)])
def test_proof_counts_for_five_minutes(
    client_as: ClientAs, submit: Submit, set_clock: SetClock, key: int, beyond: timedelta, is_asked: bool
) -> None:
    assert timedelta(minutes=5) == FRESH_FOR
    set_clock(NOON)
    owner = client_as("owner")
    set_clock(FRESH_FOR + beyond)
    assert renames(submit, owner, key) is not is_asked


def test_logging_in_is_a_proof(app: Flask, submit: Submit, set_clock: SetClock, key: int) -> None:
    set_clock(NOON)
    with app.app_context():
        the_account("owner")
        db.session.commit()
    client = app.test_client()
    submit(client, "/login", email=email_of("owner"), password=PASSWORD)
    assert renames(submit, client, key)


def test_session_from_before_proofs_were_noted_counts_from_its_login(
    app: Flask, client_as: ClientAs, submit: Submit, set_clock: SetClock, key: int
) -> None:
    set_clock(NOON)
    owner = client_as("owner")
    with app.app_context():
        db.session.execute(update(UserSession).values(proved_at=None))
        db.session.commit()
    assert renames(submit, owner, key)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    assert not renames(submit, owner, key)


def test_proof_from_the_future_counts_no_longer_than_others(
    client_as: ClientAs, submit: Submit, set_clock: SetClock, key: int
) -> None:
    set_clock(NOON + timedelta(hours=1))
    owner = client_as("owner")
    set_clock(NOON)
    assert not renames(submit, owner, key)


@pytest.mark.security(25)
def test_confirming_replaces_the_session_and_keeps_its_end(
    app: Flask, stale: Stale, csrf: Csrf, submit: Submit, set_clock: SetClock
) -> None:
    owner = stale()
    copy, old, before = app.test_client(), row_of(app, owner), csrf(owner)
    with copy.session_transaction() as session:
        session["_user_id"] = token_of(owner)
    answer = submit(owner, NEXT, password=PASSWORD)
    assert answer.location == "/admin/users/"
    assert copy.get("/profile").status_code == 302
    new = row_of(app, owner)
    assert (new.created_at, new.proved_at) == (old.created_at, NOON + FRESH_FOR + timedelta(seconds=1))
    with owner.session_transaction() as session:
        assert session.get("csrf_token") is None
    assert owner.post("/logout", data={"csrf_token": before}).status_code == 400
    assert flashes(owner.get("/admin/users/").text) == [("success", NOT_YET)]
    assert old.created_at + LIFETIME > NOON


def test_page_that_was_only_opened_has_no_step_to_repeat(stale: Stale, submit: Submit) -> None:
    owner = stale()
    page = prove(submit, owner, owner.get("/profile/authenticator"))
    assert flashes(page.text) == [("success", CONFIRMED)]


def test_proof_counts_in_the_session_where_it_was_made(
    app: Flask, stale: Stale, client_as: ClientAs, submit: Submit, key: int, set_clock: SetClock
) -> None:
    other = client_as("owner")
    one = stale()
    submit(one, NEXT, password=PASSWORD)
    assert renames(submit, one, key)
    assert not renames(submit, other, key)


def test_proof_of_another_user_in_the_same_browser_does_not_count(
    app: Flask, stale: Stale, client_as: ClientAs, submit: Submit, key: int
) -> None:
    owners = token_of(stale())
    browser = client_as("admin")
    assert renames(submit, browser, key)
    with browser.session_transaction() as session:
        session["_user_id"] = owners
    assert not renames(submit, browser, key)


def test_password_of_another_user_is_no_proof(app: Flask, stale: Stale, submit: Submit, key: int) -> None:
    with app.app_context():
        other = the_account("editor")
        other.password_hash = the_account("owner").password_hash + "x"
        db.session.commit()
    editor = stale("editor")
    refused = submit(editor, f"{NEXT}&email=owner@example.test", password=PASSWORD, email=email_of("owner"))
    assert "The password is incorrect." in refused.text
    assert not asks_for_proof(editor.get("/admin/"))
    assert row_of(app, editor).proved_at == NOON


def test_wrong_password_proves_nothing_and_shows_the_form_again(
    stale: Stale, submit: Submit, key: int
) -> None:
    owner = stale()
    refused = submit(owner, NEXT, password="wrong")
    assert refused.status_code == 200
    assert "The password is incorrect." in refused.text
    assert not renames(submit, owner, key)


@pytest.mark.security(17, 22)
def test_wrong_passwords_count_as_at_the_login(
    app: Flask, stale: Stale, submit: Submit, key: int, set_clock: SetClock
) -> None:
    owner = stale()
    for _ in range(PER_PAIR):
        assert submit(owner, NEXT, password="wrong").status_code == 200
    refused = submit(owner, NEXT, password=PASSWORD)
    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "300")
    assert "Try again in 5 minutes." in refused.text
    login = submit(app.test_client(), "/login", email=email_of("owner"), password=PASSWORD)
    assert login.status_code == 429
    set_clock(PERIOD)
    assert prove(submit, owner, submit(owner, f"/admin/users/edit/?id={key}", name="Kim")).status_code == 200


def test_blank_password_is_no_attempt(stale: Stale, submit: Submit) -> None:
    owner = stale()
    for _ in range(PER_PAIR + 1):
        assert "Enter your password." in submit(owner, NEXT, password="").text


def test_fresh_proof_leads_on_at_once(client_as: ClientAs, submit: Submit) -> None:
    owner = client_as("owner")
    assert owner.get(NEXT).location == "/admin/users/"
    assert submit(owner, NEXT, password="wrong").location == "/admin/users/"
    assert owner.get(CONFIRM).location == "/admin/products/"


def test_form_of_a_second_tab_leads_on_once_the_first_has_confirmed(
    stale: Stale, csrf: Csrf, submit: Submit
) -> None:
    owner = stale()
    second = csrf(owner)
    submit(owner, NEXT, password=PASSWORD)
    answer = owner.post(NEXT, data={"csrf_token": second, "password": PASSWORD})
    assert answer.location == "/admin/users/"


def test_confirming_without_a_valid_token_proves_nothing(stale: Stale, submit: Submit, key: int) -> None:
    owner = stale()
    assert owner.post(NEXT, data={"csrf_token": "stale", "password": PASSWORD}).status_code == 400
    assert not renames(submit, owner, key)


@pytest.mark.security(42)
@pytest.mark.parametrize(
    "target", ["https://evil.test/", "//evil.test", "/\\evil.test", "javascript:alert(1)"]
)
def test_way_back_stays_in_the_console(stale: Stale, submit: Submit, target: str) -> None:
    owner = stale()
    page = owner.get(CONFIRM, query_string={"next": target})
    assert '<a class="button" href="/admin/products/">Cancel</a>' in page.text
    answer = submit(owner, f"{CONFIRM}?next={target}", password=PASSWORD)
    assert answer.location == "/admin/products/"


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_expired_session_leads_to_the_login_and_then_to_the_draft(
    app: Flask, stale: Stale, submit: Submit, set_clock: SetClock, key: int, method: str
) -> None:
    owner = stale()
    asked = submit(owner, f"/admin/users/edit/?id={key}", name="Kim", role="editor")
    set_clock(IDLE)
    there = str(asked.location)
    answer = owner.get(there) if method == "GET" else submit(owner, there, password=PASSWORD)
    assert answer.location.startswith("/login?next=%2Fadmin%2Fusers%2Fedit%2F")
    assert LOG_IN_AGAIN in owner.get(answer.location).text
    entered = submit(owner, answer.location, email=email_of("owner"), password=PASSWORD)
    assert value(owner.get(entered.location).text, "name") == "Kim"


def ends_every_session(user: User, _form: object) -> bool:
    """Prove it, but only after another session has logged the user out."""
    begin_write(db.session)
    end_sessions(user)
    db.session.commit()
    return True


def test_session_that_is_ended_while_confirming_gets_no_proof(
    app: Flask,
    make_app: MakeApp,
    log_in: Callable[[FlaskClient, str], str],
    submit: Submit,
    set_clock: SetClock,
) -> None:
    set_clock(NOON)
    app = make_app()
    way = replace(PASSWORD_WAY, name="slow", label="Wait", proves=ends_every_session)
    add_way(app, way)
    browser = app.test_client()
    log_in(browser, "owner")
    set_clock(FRESH_FOR * 2)
    assert f'href="{CONFIRM}?way=slow&amp;next=/admin/users/">Wait</a>' in browser.get(NEXT).text
    answer = submit(browser, f"{NEXT}&way=slow", password=PASSWORD)
    assert answer.location == "/login?next=%2Fadmin%2Fusers%2F"
    with app.app_context():
        assert db.session.scalars(select(UserSession.proved_at)).all() == []


def test_user_without_a_password_is_told_to_log_in_again(app: Flask, stale: Stale, submit: Submit) -> None:
    owner = stale()
    with app.app_context():
        the_account("owner").password_hash = ""
        db.session.commit()
    page = owner.get(NEXT)
    assert "Log out, then log in again." in page.text
    assert submit(owner, NEXT, password="").status_code == 200
