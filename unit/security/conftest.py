"""A console with a user of every role and some records, and one in production."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from dashboard.accounts import passwords
from dashboard.extensions import db
from dashboard.testing.accounts import an_account, the_account
from dashboard.testing.catalogue import a_category, a_product
from unit.conftest import MakeApp, Submit
from unit.security.throttled import ANN, HERE, KIM, Enter, browser

HOST = "console.example.org"
ROLES = ("viewer", "editor", "admin", "owner")


@pytest.fixture
def peopled(app: Flask) -> Flask:
    """Return the console with an account for every role, two products and two categories."""
    with app.app_context():
        for role in ROLES:
            the_account(role)
        a_product("Oak Lamp", category=a_category("Lighting"))
        a_product("Paper Globe")
        a_category("Empty shelf")
        db.session.commit()
    return app


@pytest.fixture
def make_production(make_app: MakeApp) -> Callable[..., Flask]:
    """`make_production(**changes)` builds a console in production; its test clients speak https to it."""

    def make(**changes: object) -> Flask:
        usual = {"env": "production", "base_url": f"https://{HOST}", "registration": "invite"}
        app = make_app(**{**usual, "password_min_length": 15, **changes})
        app.config["SERVER_NAME"] = HOST  # where Flask's test client sends its requests
        return app

    return make


@pytest.fixture
def production(make_production: Callable[..., Flask]) -> FlaskClient:
    """Return a browser at a console in production."""
    return make_production().test_client()


@dataclass
class CountingHasher(PasswordHasher):
    """A cheap hasher that counts its calls."""

    hashed: int = 0
    verified: int = 0

    def __post_init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)

    __hash__ = object.__hash__

    def hash(self, *args: object, **kwargs: object) -> str:
        """Count and hash."""
        self.hashed += 1
        return super().hash(*args, **kwargs)

    def verify(self, *args: object, **kwargs: object) -> bool:
        """Count and verify."""
        self.verified += 1
        return super().verify(*args, **kwargs)


@pytest.fixture
def hasher(monkeypatch: pytest.MonkeyPatch) -> CountingHasher:
    """Install a hasher that counts its calls."""
    counting = CountingHasher()
    monkeypatch.setattr(passwords, "hasher", counting)
    return counting


@pytest.fixture
def kim_and_ann(app: Flask) -> None:
    """Two accounts that attempts are made on."""
    with app.app_context():
        an_account(email=KIM)
        an_account(email=ANN)
        db.session.commit()


@pytest.fixture
def enter(app: Flask, submit: Submit) -> Enter:
    """`enter(email, password, address)` sends the login form from a new browser at an address."""

    def enter(email: str = KIM, password: str = "wrong", address: str = HERE) -> TestResponse:
        return submit(browser(app, address), "/login", email=email, password=password)

    return enter
