"""`dashboard doctor` on single sign-on and passkeys."""

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from dashboard.accounts.passkeys.models import Passkey
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from unit.accounts.single_sign_on.providers import CLIENT_ID, CLIENT_SECRET, FakeProvider, a_provider
from unit.cli.conftest import PRODUCTION, Run

KEYS = "/keys"


@pytest.fixture
def provider() -> Iterator[FakeProvider]:
    """A provider that answers over HTTP."""
    with a_provider() as provider:
        yield provider


def checked(run: Run, provider: FakeProvider, **more: str) -> tuple[Result, str]:
    """The result of the check, and its line about the provider."""
    named = {"OIDC_ISSUER": provider.url, "OIDC_CLIENT_ID": CLIENT_ID, "OIDC_CLIENT_SECRET": CLIENT_SECRET}
    result = run("doctor", **{**named, **more})
    (line,) = (line for line in result.output.splitlines() if "single sign-on:" in line)
    assert CLIENT_SECRET not in result.output
    return result, line


def test_provider_that_answers_is_told(run: Run, provider: FakeProvider) -> None:
    result, line = checked(run, provider, BASE_URL="http://localhost:8123")
    assert result.exit_code == 0, result.output
    assert line == f"ok    single sign-on: {provider.url}, back to http://localhost:8123/login/sso/callback"
    assert {path for path, _ in provider.requests} == {"/.well-known/openid-configuration", KEYS}


def test_nothing_is_told_without_a_provider_and_passkeys(run: Run) -> None:
    output = run("doctor").output
    assert "single sign-on" not in output
    assert "passkey" not in output


@pytest.mark.parametrize("path", ["/.well-known/openid-configuration", KEYS])
def test_provider_that_does_not_answer_fails(run: Run, provider: FakeProvider, path: str) -> None:
    provider.answers[path] = (503, b"")
    result, line = checked(run, provider)
    assert result.exit_code == 1
    assert line.startswith("FAIL  single sign-on: ")
    assert line.endswith(f": {path} did not answer: status 503")


def test_another_issuer_fails(run: Run, provider: FakeProvider) -> None:
    provider.description = {"issuer": "https://evil.example/\n\x1b"}
    result, line = checked(run, provider)
    assert result.exit_code == 1
    assert line.endswith(f", and DASHBOARD_OIDC_ISSUER is '{provider.url}'.")


def test_way_back_without_https_fails(run: Run, provider: FakeProvider) -> None:
    result, line = checked(run, provider, BASE_URL="http://console.example.org")
    assert result.exit_code == 1
    assert "which needs https; change DASHBOARD_BASE_URL" in line


@pytest.fixture
def with_passkey(console: Flask) -> None:
    """A database with one passkey."""
    user = the_account("owner")
    db.session.add(Passkey(user_id=user.id, credential_id="x", public_key=b"x", sign_count=0, name="Phone"))
    db.session.commit()


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (PRODUCTION, "ok    passkeys: 1 passkey, of use only at console.example.org; "),
        ({}, "ok    passkeys: 1 passkey, of use only at localhost; "),
        ({**PRODUCTION, "BASE_URL": "https://192.0.2.7"}, "warn  passkeys: 1 passkey cannot be used, for "),
    ],
)
@pytest.mark.usefixtures("with_passkey")
def test_host_name_of_passkeys_is_told(run: Run, settings: dict[str, Any], line: str) -> None:
    result = run("doctor", **settings)
    assert line in result.output
    assert result.exit_code == 0, result.output
