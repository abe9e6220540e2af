"""Security lines 11 and 12: who can register, and who becomes the owner."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from threading import Barrier

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts import passwords
from dashboard.accounts.models import User
from dashboard.accounts.register.setup_link import setup_link, setup_token
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import MakeApp, Submit
from unit.security.conftest import HOST
from unit.security.forms import FIELDS, register_through

MakeProduction = Callable[..., Flask]
FORM = 'name="confirm"'


def roles(app: Flask) -> list[str]:
    """Return the roles of all accounts, sorted."""
    with app.app_context():
        return sorted(db.session.scalars(select(User.role)))


class WaitingHasher(PasswordHasher):
    """Hashes only once all requests have arrived, after their checks."""

    def __init__(self, crowd: int) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.barrier = Barrier(crowd)

    def hash(self, *args: object, **kwargs: object) -> str:
        self.barrier.wait(timeout=30)
        return super().hash(*args, **kwargs)


@pytest.mark.security(11)
class TestTheFirstAccount:
    def test_new_console_has_no_account(self, app: Flask) -> None:
        assert roles(app) == []

    @pytest.mark.parametrize("email", ["admin", "admin@example.test", "owner@example.test", ""])
    @pytest.mark.parametrize("password", ["", "admin", "password"])
    def test_nobody_can_log_in_to_a_new_console(
        self, client: FlaskClient, submit: Submit, email: str, password: str
    ) -> None:
        assert submit(client, "/login", email=email, password=password).status_code == 200

    def test_only_the_first_account_becomes_owner(self, app: Flask, submit: Submit) -> None:
        submit(app.test_client(), "/register", email="first@example.test", **FIELDS)
        submit(app.test_client(), "/register", email="second@example.test", **FIELDS)
        assert roles(app) == ["owner", "viewer"]

    @pytest.mark.parametrize(
        ("registration", "expected"), [("open", ["owner", *["viewer"] * 3]), ("closed", ["owner"])]
    )
    def test_racing_first_registrations_make_one_owner(
        self,
        make_app: MakeApp,
        submit: Submit,
        monkeypatch: pytest.MonkeyPatch,
        registration: str,
        expected: list[str],
    ) -> None:
        app = make_app(registration=registration)
        monkeypatch.setattr(passwords, "hasher", WaitingHasher(4))

        def race(number: int) -> int:
            email = f"racer{number}@example.test"
            return submit(app.test_client(), "/register", email=email, **FIELDS).status_code

        with ThreadPoolExecutor(4) as pool:
            statuses = sorted(pool.map(race, range(4)))
        assert roles(app) == expected
        assert statuses == sorted([303] * len(expected) + [200] * (4 - len(expected)))

    def test_racing_registrations_of_one_email_make_one_account(
        self, app: Flask, submit: Submit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(passwords, "hasher", WaitingHasher(2))

        def race(_number: int) -> int:
            return submit(app.test_client(), "/register", email="kim@example.test", **FIELDS).status_code

        with ThreadPoolExecutor(2) as pool:
            assert sorted(pool.map(race, range(2))) == [200, 303]
        assert roles(app) == ["owner"]


@pytest.mark.security(11)
class TestTheSetupLink:
    @pytest.fixture(params=["production", "exposed"])
    def reachable(
        self, request: pytest.FixtureRequest, make_app: MakeApp, make_production: MakeProduction
    ) -> Flask:
        """Return a new console that anyone can reach."""
        if request.param == "production":
            return make_production(registration="open")
        return make_app(exposed=True)

    @pytest.mark.parametrize(
        "query", ["", "?setup=", "?setup=0", "?setup=" + "0" * 64, "?setup=é", "?setup=%00", "?next=/"]
    )
    def test_first_account_needs_the_setup_link(self, reachable: Flask, submit: Submit, query: str) -> None:
        client = reachable.test_client()
        page = client.get(f"/register{query}")
        assert (page.status_code, FORM in page.text) == (403, False)
        assert "set-up link" in page.text
        assert (
            reachable.test_client().post(f"/register{query}").status_code == 400
        )  # there is no page with a token
        assert roles(reachable) == []

    def test_setup_link_makes_the_first_account(self, reachable: Flask) -> None:
        client = reachable.test_client()
        answer = register_through(client, f"/register?setup={setup_token(reachable)}", "first@example.test")
        assert is_redirect(answer)
        assert roles(reachable) == ["owner"]

    def test_setup_link_works_once(self, make_production: MakeProduction) -> None:
        app = make_production()
        address = f"/register?setup={setup_token(app)}"
        register_through(app.test_client(), address, "first@example.test")
        assert app.test_client().get(address).status_code == 403
        assert roles(app) == ["owner"]

    def test_setup_link_of_another_console_is_refused(self, make_production: MakeProduction) -> None:
        other = make_production(secret_key="another-" + "8f3a" * 12)
        app = make_production()
        assert app.test_client().get(f"/register?setup={setup_token(other)}").status_code == 403

    def test_setup_link_names_the_console_and_holds_256_bits(self, make_production: MakeProduction) -> None:
        address, _, token = setup_link(make_production(), f"https://{HOST}").partition("?setup=")
        assert address == f"https://{HOST}/register"
        assert len(bytes.fromhex(token)) == 32

    def test_development_on_loopback_needs_no_setup_link(self, client: FlaskClient) -> None:
        assert FORM in client.get("/register").text


@pytest.mark.security(12)
class TestRegistration:
    @pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
    def test_open_registration_gives_the_default_role(
        self, make_app: MakeApp, submit: Submit, role: str
    ) -> None:
        app = make_app(default_role=role)
        with app.app_context():
            the_account("owner")
            db.session.commit()
        submit(app.test_client(), "/register", email="kim@example.test", **FIELDS)
        assert roles(app) == sorted(["owner", role])

    @pytest.mark.parametrize(
        ("registration", "words"),
        [
            ("invite", "You need an invitation. Ask an admin."),
            ("closed", "You can't register here. Ask an admin for an account."),
        ],
    )
    def test_invite_and_closed_registration_refuse_and_say_whom_to_ask(
        self, make_app: MakeApp, submit: Submit, registration: str, words: str
    ) -> None:
        app = make_app(registration=registration)
        with app.app_context():
            the_account("owner")
            db.session.commit()
        client = app.test_client()
        for answer in (
            client.get("/register"),
            submit(client, "/register", email="kim@example.test", **FIELDS),
        ):
            assert answer.status_code == 403
            assert words in unescape(answer.text)
            assert "Ask an admin" in answer.text
            assert FORM not in answer.text
        assert roles(app) == ["owner"]
