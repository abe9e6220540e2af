"""`dashboard sessions inspect`: why a user is logged out."""

from datetime import timedelta

import pytest
from flask import Flask

from dashboard import clock
from dashboard.accounts.sessions import IDLE
from dashboard.extensions import db
from dashboard.testing.accounts import a_session, an_account, session_cookie
from unit.cli.conftest import Run


@pytest.fixture
def token(console: Flask) -> str:
    """The token of a live session."""
    token = a_session(an_account("editor", email="kim@example.test"))
    db.session.commit()
    return token


def test_live_session_is_shown_with_its_account(run: Run, console: Flask, token: str) -> None:
    cookie = session_cookie({"_user_id": token, "csrf_token": "x", "_flashes": []})
    result = run("sessions", "inspect", cookie)
    assert result.exit_code == 0
    signature, contents, session = result.stdout.splitlines()
    assert signature == "Signature: good."
    assert contents == "Contents:  _flashes, csrf_token and a session token"
    assert session.startswith("Session:   kim@example.test (editor), last seen ")
    assert session.endswith(" UTC")


def test_session_token_is_not_shown(run: Run, console: Flask, token: str) -> None:
    output = run("sessions", "inspect", session_cookie({"_user_id": token})).output
    assert "kim@example.test" in output
    assert token not in output


@pytest.mark.parametrize("dead", ["ended", "idle", "deactivated"])
def test_dead_session_is_reported_as_not_live(run: Run, console: Flask, dead: str) -> None:
    user = an_account(active=dead != "deactivated")
    seen = clock.now() - IDLE - timedelta(minutes=1) if dead == "idle" else clock.now()
    token = "never was" if dead == "ended" else a_session(user, last_seen_at=seen)
    db.session.commit()
    result = run("sessions", "inspect", session_cookie({"_user_id": token}))
    assert result.exit_code == 1
    signature, contents, session = result.stdout.splitlines()
    assert (signature, contents) == ("Signature: good.", "Contents:  nothing and a session token")
    assert session == "Session:   not live; a browser with this cookie is logged out."


def test_anonymous_cookie_is_reported_as_empty(run: Run, console: Flask) -> None:
    result = run("sessions", "inspect", session_cookie({}))
    assert result.exit_code == 1
    assert result.stdout.splitlines()[:2] == ["Signature: good.", "Contents:  nothing"]


@pytest.mark.parametrize(
    "mangle",
    [
        lambda cookie: cookie[:-9] + "AAAAAAAAA",
        lambda cookie: cookie.partition(".")[0],
        lambda _cookie: "not a cookie",
        lambda _cookie: "é.é.é",
        lambda cookie: cookie + "\udcff",
        lambda cookie: "session=" + cookie,
    ],
)
def test_cookie_with_a_bad_signature_is_reported(run: Run, console: Flask, token: str, mangle) -> None:  # type: ignore[no-untyped-def]
    result = run("sessions", "inspect", mangle(session_cookie({"_user_id": token})))
    assert result.exit_code == 1
    assert result.stdout.startswith("Signature: bad.")
    assert "kim@example.test" not in result.output


def test_cookie_signed_with_a_fallback_key_is_good(run: Run, console: Flask, token: str) -> None:
    old = console.config["SECRET_KEY"]
    cookie = session_cookie({"_user_id": token})
    new = {"SECRET_KEY": "5b0f2c9d7e1a48633d6f90ab12ce4577"}
    assert run("sessions", "inspect", cookie, **new).stdout.startswith("Signature: bad.")
    assert "kim@example.test" in run("sessions", "inspect", cookie, **new, SECRET_KEY_FALLBACKS=old).stdout
