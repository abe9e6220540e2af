"""Estimating and hashing passwords is slow, so it is done without a lock of the database."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts import passwords
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, a_reset, an_invitation, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.passwords import CHEAP_HASHER
from unit.conftest import ClientAs, Submit

pytestmark = pytest.mark.sqlite

EMAIL = "kim@example.test"
NEW = {"email": EMAIL, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
ROUTES: dict[str, tuple[str | None, str, dict[str, str]]] = {
    "register": (None, "/register", NEW),
    "log in": (None, "/login", {"email": "viewer@example.test", "password": PASSWORD}),
    "change the password": (
        "viewer",
        "/profile/password",
        {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD},
    ),
    "join": (None, "/invitation?token={invitation}", {**NEW, "name": "Kim"}),
    "reset the password": (None, "/reset?token={reset}", NEW),
}


@pytest.fixture
def slow_work(app: Flask, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list of the slow work done, each time checked with a write by another connection."""
    with app.app_context():
        the_account("viewer")
        db.session.commit()
        file = str(db.engine.url.database)
    done: list[str] = []

    def noted(name: str, work: Callable[..., Any]) -> Callable[..., Any]:
        def do(*args: Any, **kwargs: Any) -> Any:
            with closing(sqlite3.connect(file, timeout=0, isolation_level=None)) as other:
                other.execute("BEGIN IMMEDIATE")
                other.execute("ROLLBACK")
            done.append(name)
            return work(*args, **kwargs)

        return do

    class Hasher:
        hash = staticmethod(noted("hash", CHEAP_HASHER.hash))
        verify = staticmethod(noted("verify", CHEAP_HASHER.verify))

        def __getattr__(self, name: str) -> Any:
            return getattr(CHEAP_HASHER, name)

    monkeypatch.setattr(passwords, "hasher", Hasher())
    monkeypatch.setattr(passwords, "zxcvbn", noted("estimate", passwords.zxcvbn))
    return done


@pytest.mark.parametrize("route", ROUTES)
def test_slow_work_holds_no_database_lock(
    app: Flask, client_as: ClientAs, submit: Submit, slow_work: list[str], route: str
) -> None:
    role, path, fields = ROUTES[route]
    with app.app_context():
        tokens = {"invitation": an_invitation()[1], "reset": a_reset(the_account("viewer"))}
        db.session.commit()
    client = client_as(role) if role else app.test_client()
    slow_work.clear()
    assert is_redirect(submit(client, path.format(**tokens), **fields))
    assert slow_work
