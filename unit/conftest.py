"""A console for every test: the real factory over a real SQLite file, logged in without a form."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

from dashboard import clock
from dashboard.accounts import passwords
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.testing import clients
from dashboard.testing.passwords import CHEAP_HASHER
from dashboard.testing.statements import counted
from unit.consoles import prepared

pytest_plugins = [
    "unit.mailing",
    "unit.postgres.server",
    "unit.databases",
    "unit.uncommitted",
    "unit.files.buckets",
]

REAL_HASHER = passwords.hasher
MakeApp = Callable[..., Flask]
ClientAs = Callable[..., FlaskClient]
Csrf = Callable[[FlaskClient], str]
Submit = Callable[..., TestResponse]
SetClock = Callable[[datetime | timedelta], None]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--write-access", action="store_true", help="write unit/access.csv again")
    parser.addoption("--crowd", action="store_true", help="let six people race too, not only two")
    parser.addoption("--kills", action="store_true", help="kill a worker a hundred times, not only thrice")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Two show almost every fault of a race; six take three times as long.
    if "people" in metafunc.fixturenames:
        metafunc.parametrize("people", [2, 6] if metafunc.config.getoption("--crowd") else [2])


@pytest.fixture
def make_app(settings: Settings) -> Iterator[MakeApp]:
    """`make_app(**changes)` builds a console from `settings` with changes, over the same database."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        apps.append(prepared(create_app(Settings(**{**vars(settings), **changes}))))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(settings: Settings, shared_app: Flask, make_app: MakeApp) -> Flask:
    """A console in development over an empty database; to add to it or change it, use `make_app`."""
    return shared_app if shared_app.extensions["settings"] is settings else make_app()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without a login."""
    return app.test_client()


@pytest.fixture
def log_in() -> Callable[[FlaskClient, str], str]:
    """`log_in(client, who)` gives a browser a live session and returns its token.

    `who` is a role or an email; the account of a role is created when it is first needed.
    """

    return clients.log_in


@pytest.fixture
def client_as(app: Flask, log_in: Callable[[FlaskClient, str], str]) -> ClientAs:
    """`client_as(who)` is a new browser, logged in as a user with that role or email."""

    def client_as(who: str) -> FlaskClient:
        client = app.test_client()
        log_in(client, who)
        return client

    return client_as


@pytest.fixture
def csrf() -> Csrf:
    """`csrf(client)` is a valid CSRF token of this browser, made without opening a page."""

    def csrf(client: FlaskClient) -> str:
        with client.session_transaction() as session:
            token = session.setdefault("csrf_token", secrets.token_hex(20))
        key = client.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(token))

    return csrf


@pytest.fixture
def submit(csrf: Csrf) -> Submit:
    """`submit(client, path, **fields)` posts a form with a valid CSRF token; a list is sent repeatedly."""

    def submit(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
        return client.post(path, data={"csrf_token": csrf(client), **fields})

    return submit


@pytest.fixture
def set_clock() -> Iterator[SetClock]:
    """`set_clock(moment)` stops the server's clock there; `set_clock(timedelta)` lets that much time pass."""

    def move(to: datetime | timedelta) -> None:
        moment = to if isinstance(to, datetime) else clock.now() + to
        clock.set_clock(lambda: moment.astimezone(UTC))

    yield move
    clock.set_clock(None)


@pytest.fixture
def count_queries() -> CountQueries:
    """`with count_queries() as statements:` records the SQL of all queries except transaction control."""
    return counted


@pytest.fixture(autouse=True)
def _cheap_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords in no time: the real parameters cost 25 ms each."""
    monkeypatch.setattr(passwords, "hasher", CHEAP_HASHER)


@pytest.fixture
def real_hasher(_cheap_hasher: None, monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """The hasher that the product ships with, in use for this test."""
    monkeypatch.setattr(passwords, "hasher", REAL_HASHER)
    return REAL_HASHER


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Remove the settings of the user who runs the tests."""
    for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
        monkeypatch.delenv(name)
