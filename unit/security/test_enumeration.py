"""Security lines 14 and 15: the login page does not reveal which accounts exist."""

import re
from time import perf_counter

import pytest
from argon2 import PasswordHasher
from flask import Flask
from werkzeug.test import TestResponse

from dashboard.accounts.flows import authenticate
from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, an_account, an_invitation
from dashboard.testing.answers import is_redirect
from unit.conftest import Submit
from unit.security.conftest import CountingHasher

# All of one length, since the form shows the email again.
KNOWN, UNKNOWN, DEACTIVATED = "known@example.test", "other@example.test", "ended@example.test"
WRONG = "wrong orbit lantern 4"  # as long as the right one
ATTEMPTS = {
    "wrong": (KNOWN, WRONG),
    "unknown": (UNKNOWN, PASSWORD),
    "deactivated": (DEACTIVATED, PASSWORD),
    "deactivated and wrong": (DEACTIVATED, WRONG),
}
FAULTY = {
    "blank": ("", ""),
    "no password": (KNOWN, ""),
    "no address": ("", PASSWORD),
    "no email address": ("known", PASSWORD),
    "a long password": (KNOWN, "x" * 2000),
    "a long address": ("x" * 2000 + "@example.test", PASSWORD),
    "a NUL": ("known@example.test\0", PASSWORD),
    "a line break": (KNOWN, PASSWORD + "\n"),
    "SQL": ("' OR 1=1 --", "' OR 1=1 --"),
}


@pytest.fixture(autouse=True)
def _people(app: Flask) -> None:
    """Add an active and a deactivated account."""
    with app.app_context():
        an_account(email=KNOWN)
        an_account(email=DEACTIVATED, active=False)
        db.session.commit()


def attempt(app: Flask, submit: Submit, email: str, password: str) -> TestResponse:
    """Try to log in with a new browser."""
    return submit(app.test_client(), "/login", email=email, password=password)


def without_accidents(page: TestResponse) -> str:
    """Return a page without its CSRF tokens, challenges and the typed email, which differ on every page."""
    text = re.sub(r'(name="csrf_token"[^>]*value=")[^"]*', r"\1", page.text)
    text = re.sub(r"(challenge&#34;: *&#34;)[^&]*", r"\1", text)
    return re.sub(r'(name="email"[^>]*value=")[^"]*', r"\1", text)


@pytest.mark.security(14)
class TestOneAnswer:
    def test_correct_password_logs_in(self, app: Flask, submit: Submit) -> None:
        assert is_redirect(attempt(app, submit, KNOWN, PASSWORD))

    @pytest.mark.parametrize("case", ATTEMPTS)
    def test_failed_logins_have_equal_status_body_and_length(
        self, app: Flask, submit: Submit, case: str
    ) -> None:
        expected = attempt(app, submit, KNOWN, WRONG)
        answer = attempt(app, submit, *ATTEMPTS[case])
        assert answer.status_code == expected.status_code == 200
        assert without_accidents(answer) == without_accidents(expected)
        assert len(answer.data) == len(expected.data)
        assert set(answer.headers.keys()) == set(expected.headers.keys())

    @pytest.mark.parametrize("case", [*ATTEMPTS, *FAULTY])
    def test_failed_login_shows_one_message_once(self, app: Flask, submit: Submit, case: str) -> None:
        answer = attempt(app, submit, *{**ATTEMPTS, **FAULTY}[case])
        assert answer.status_code == 200
        assert answer.text.count("Invalid email or password") == 1

    @pytest.mark.parametrize("case", ATTEMPTS)
    def test_failed_login_does_not_show_the_password(self, app: Flask, submit: Submit, case: str) -> None:
        email, password = ATTEMPTS[case]
        assert password not in attempt(app, submit, email, password).text


@pytest.mark.security(15)
class TestOneTime:
    @pytest.mark.parametrize("case", ATTEMPTS)
    def test_every_failed_login_verifies_one_hash(
        self, app: Flask, submit: Submit, hasher: CountingHasher, case: str
    ) -> None:
        attempt(app, submit, KNOWN, WRONG)
        attempt(app, submit, UNKNOWN, WRONG)
        hasher.hashed = hasher.verified = 0
        attempt(app, submit, *ATTEMPTS[case])
        assert (hasher.hashed, hasher.verified) == (0, 1)

    def test_account_without_a_password_verifies_one_hash(
        self, app: Flask, submit: Submit, hasher: CountingHasher
    ) -> None:
        """As CVE-2024-39329 of Django, whose accounts without a usable password answered sooner."""
        with app.app_context():
            an_invitation(UNKNOWN)
            db.session.commit()
        attempt(app, submit, KNOWN, WRONG)
        hasher.hashed = hasher.verified = 0
        attempt(app, submit, UNKNOWN, WRONG)
        assert (hasher.hashed, hasher.verified) == (0, 1)

    def test_first_unknown_email_after_a_start_verifies_one_hash(
        self, app: Flask, submit: Submit, hasher: CountingHasher
    ) -> None:
        attempt(app, submit, UNKNOWN, WRONG)
        assert (hasher.hashed, hasher.verified) == (0, 1)

    def test_unknown_email_takes_as_long_as_a_wrong_password(
        self, app: Flask, real_hasher: PasswordHasher
    ) -> None:
        with app.app_context():
            an_account(email="real@example.test")
            db.session.commit()
            quickest = {
                email: min(timed(email) for _ in range(7)) for email in ("real@example.test", UNKNOWN)
            }
        assert quickest[UNKNOWN] > quickest["real@example.test"] / 3


def timed(email: str) -> float:
    """Return how many seconds a refused login takes."""
    begun = perf_counter()
    assert authenticate(email, WRONG) is None
    return perf_counter() - begun
