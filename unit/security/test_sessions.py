"""Security lines 23 to 29: a session is a row on the server, and ends there."""

from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import UserSession
from dashboard.accounts.sessions import IDLE, LIFETIME
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, a_session, session_cookie, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Csrf, MakeApp, SetClock, Submit
from unit.security.cookies import NOON, PAGE, cookie_of, is_logged_in, token_in, with_cookie

VIEWER = {"email": "viewer@example.test", "password": PASSWORD}


def stored_hashes(app: Flask) -> list[str]:
    """Return the token hashes of all sessions."""
    with app.app_context():
        return list(db.session.scalars(select(UserSession.token_hash)))


@pytest.fixture
def viewer(peopled: Flask, submit: Submit) -> FlaskClient:
    """Return a browser in which the viewer has logged in by the form."""
    client = peopled.test_client()
    assert is_redirect(submit(client, "/login", **VIEWER))
    return client


@pytest.mark.security(23)
class TestTheRowOnTheServer:
    def test_login_stores_one_session_with_only_a_hash(self, peopled: Flask, viewer: FlaskClient) -> None:
        token = token_in(viewer)
        assert stored_hashes(peopled) == [sha256(token.encode()).hexdigest()]

    def test_session_token_has_128_random_bits_or_more(self, peopled: Flask, submit: Submit) -> None:
        tokens = set()
        for _ in range(8):
            client = peopled.test_client()
            submit(client, "/login", **VIEWER)
            tokens.add(token_in(client))
        assert len(tokens) == 8
        assert min(map(len, tokens)) >= 43  # 256 bits in base 64
        assert len({token[:4] for token in tokens}) == 8

    @pytest.mark.sqlite
    def test_session_token_is_nowhere_in_the_database(self, peopled: Flask, viewer: FlaskClient) -> None:
        token = token_in(viewer)
        with peopled.app_context():
            dump = "\n".join(db.engine.raw_connection().driver_connection.iterdump())
        assert sha256(token.encode()).hexdigest() in dump
        assert token not in dump

    def test_stored_hash_opens_no_session(self, peopled: Flask, viewer: FlaskClient) -> None:
        with peopled.app_context():
            stolen = session_cookie({"_user_id": stored_hashes(peopled)[0]})
        assert not is_logged_in(with_cookie(peopled, stolen))


@pytest.mark.security(24)
class TestACopyOfTheCookie:
    def test_copied_cookie_works_until_logout(self, peopled: Flask, viewer: FlaskClient) -> None:
        assert is_logged_in(with_cookie(peopled, cookie_of(viewer)))

    def test_copied_cookie_is_dead_after_logout(
        self, peopled: Flask, viewer: FlaskClient, submit: Submit
    ) -> None:
        copy = cookie_of(viewer)
        submit(viewer, "/logout")
        answer = with_cookie(peopled, copy).get(PAGE)
        assert (answer.status_code, answer.location) == (302, "/login?next=%2Fadmin%2Fproducts%2F")

    def test_second_logout_with_a_copied_cookie_is_harmless(
        self, peopled: Flask, viewer: FlaskClient, submit: Submit
    ) -> None:
        copy = with_cookie(peopled, cookie_of(viewer))
        submit(viewer, "/logout")
        assert is_redirect(submit(copy, "/logout"))

    def test_logout_ends_only_its_own_session(
        self, peopled: Flask, viewer: FlaskClient, submit: Submit
    ) -> None:
        elsewhere = peopled.test_client()
        submit(elsewhere, "/login", **VIEWER)
        submit(viewer, "/logout")
        assert is_logged_in(elsewhere)


@pytest.mark.security(25)
class TestNewSessionIdAtLogin:
    def test_each_login_gets_a_new_session_id(self, viewer: FlaskClient, submit: Submit) -> None:
        first = token_in(viewer)
        submit(viewer, "/logout")
        submit(viewer, "/login", **VIEWER)
        assert token_in(viewer) != first

    def test_login_ends_the_session_that_the_browser_had(
        self, peopled: Flask, viewer: FlaskClient, submit: Submit, set_clock: SetClock
    ) -> None:
        copy = cookie_of(viewer)
        set_clock(IDLE)  # so that the login page opens
        submit(viewer, "/login", **VIEWER)
        assert len(stored_hashes(peopled)) == 1
        set_clock(-IDLE)  # so that the session would not have expired
        assert not is_logged_in(with_cookie(peopled, copy))

    def test_login_ends_another_users_session_in_the_browser(
        self, peopled: Flask, viewer: FlaskClient, submit: Submit
    ) -> None:
        copy = cookie_of(viewer)
        with peopled.app_context():
            the_account("viewer").active = False
            db.session.commit()
        submit(viewer, "/login", email="editor@example.test", password=PASSWORD)
        with peopled.app_context():
            the_account("viewer").active = True
            db.session.commit()
        assert not is_logged_in(with_cookie(peopled, copy))

    def test_registration_gives_a_new_session_id(self, client: FlaskClient, submit: Submit) -> None:
        with client.session_transaction() as session:
            session["_user_id"] = "planted"
        fields = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}
        assert is_redirect(submit(client, "/register", **fields))
        assert token_in(client) != "planted"


@pytest.mark.security(26)
class TestNoIdIsAdopted:
    @pytest.mark.parametrize("planted", ["planted", "1", "", "0" * 64, "a" * 5000])
    def test_planted_session_id_is_ignored_and_replaced_at_login(
        self, peopled: Flask, submit: Submit, planted: str
    ) -> None:
        with peopled.app_context():
            client = with_cookie(peopled, session_cookie({"_user_id": planted}))
        assert not is_logged_in(client)
        submit(client, "/login", **VIEWER)
        assert token_in(client) != planted
        assert sha256(planted.encode()).hexdigest() not in stored_hashes(peopled)

    def test_login_over_an_attackers_session_does_not_share_it(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, set_clock: SetClock
    ) -> None:
        attacker = client_as("editor")
        victim = with_cookie(peopled, cookie_of(attacker))
        set_clock(IDLE)  # so that the login page opens
        submit(victim, "/login", **VIEWER)
        assert is_logged_in(victim)
        assert not is_logged_in(attacker)

    @pytest.mark.parametrize("mangle", [
        lambda cookie: cookie[:-9] + ("A" if cookie[-9] != "A" else "B") + cookie[-8:],
        lambda cookie: "x" + cookie,
        lambda cookie: cookie.partition(".")[0],
        lambda cookie: cookie.rpartition(".")[0],
        lambda cookie: "",
        lambda cookie: "é" + cookie,
        lambda cookie: cookie * 3,
    ])  # fmt: skip
    def test_altered_cookie_opens_no_session(
        self, peopled: Flask, viewer: FlaskClient, mangle: Callable[[str], str]
    ) -> None:
        assert not is_logged_in(with_cookie(peopled, mangle(cookie_of(viewer))))

    def test_cookie_signed_with_another_key_opens_no_session(
        self, peopled: Flask, viewer: FlaskClient, make_app: MakeApp
    ) -> None:
        with make_app(secret_key="another" * 6).app_context():
            forged = session_cookie({"_user_id": token_in(viewer)})
        assert not is_logged_in(with_cookie(peopled, forged))

    @pytest.mark.parametrize("contents", [{"_user_id": 1}, {"_user_id": None}, {"_user_id": ["x"]}, {}])
    def test_signed_cookie_without_a_token_opens_no_session(
        self, peopled: Flask, contents: dict[str, object]
    ) -> None:
        with peopled.app_context():
            cookie = session_cookie(contents)
        assert not is_logged_in(with_cookie(peopled, cookie))


@pytest.mark.security(27)
class TestNewCsrfToken:
    def test_csrf_token_from_before_login_is_refused_after_it(
        self, peopled: Flask, client: FlaskClient, csrf: Csrf, submit: Submit
    ) -> None:
        before = csrf(client)
        assert is_redirect(submit(client, "/login", **VIEWER))
        assert client.post("/profile", data={"csrf_token": before, "name": "Kim"}).status_code == 400

    def test_csrf_token_of_a_session_is_refused_after_logout(
        self, viewer: FlaskClient, csrf: Csrf, submit: Submit
    ) -> None:
        before = csrf(viewer)
        submit(viewer, "/logout")
        assert viewer.post("/mode", data={"csrf_token": before, "mode": "dark"}).status_code == 400


@pytest.mark.security(28)
class TestIdleTimeout:
    def test_unused_session_ends_at_the_idle_timeout(self, client_as: ClientAs, set_clock: SetClock) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(IDLE - timedelta(seconds=1))
        assert is_logged_in(client)
        set_clock(IDLE)
        assert not is_logged_in(client)

    def test_copied_cookie_ends_at_the_idle_timeout_too(
        self, peopled: Flask, client_as: ClientAs, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(IDLE)
        assert not is_logged_in(with_cookie(peopled, cookie_of(client)))

    def test_use_keeps_a_session_alive(self, client_as: ClientAs, set_clock: SetClock) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        for _ in range(5):
            set_clock(IDLE - timedelta(minutes=1))
            assert is_logged_in(client)


@pytest.mark.security(29)
class TestAbsoluteTimeout:
    def test_used_session_ends_at_the_absolute_timeout(
        self, client_as: ClientAs, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        step = timedelta(hours=7)
        for _ in range(int(LIFETIME / step) - 1):
            set_clock(step)
            assert is_logged_in(client)
        set_clock(NOON + LIFETIME)
        assert not is_logged_in(client)

    def test_login_deletes_the_users_expired_sessions(
        self, peopled: Flask, submit: Submit, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        with peopled.app_context():
            a_session(the_account("viewer"))
            a_session(the_account("viewer"), created_at=NOON - LIFETIME, last_seen_at=NOON + IDLE)
            a_session(the_account("editor"))
            db.session.commit()
        set_clock(IDLE)
        submit(peopled.test_client(), "/login", **VIEWER)
        assert len(stored_hashes(peopled)) == 2  # the new one, and the editor's
