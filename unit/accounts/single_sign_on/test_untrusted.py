"""Answers of a provider, or of an attacker in its place, that must let no user in."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from joserfc import jws

from dashboard.accounts.single_sign_on.views import OVER, REFUSED, UNREACHABLE
from unit.accounts.single_sign_on.providers import FakeProvider, Open, a_key, come_back, sent_to
from unit.conftest import MakeApp, SetClock
from unit.digest import database_digest

KIM = {"sub": "kim-1", "email": "kim@example.test", "email_verified": True}
NESTED = b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}"
BENT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    "another issuer": lambda claims: {**claims, "iss": "https://evil.example"},
    "another audience": lambda claims: {**claims, "aud": "other"},
    "several audiences and no party": lambda claims: {**claims, "aud": ["console", "other"]},
    "another authorized party": lambda claims: {**claims, "azp": "other"},
    "another nonce": lambda claims: {**claims, "nonce": "n"},
    "no nonce": lambda claims: {key: claims[key] for key in claims if key != "nonce"},
    "expired": lambda claims: {**claims, "exp": claims["iat"] - 120},
    "no expiry": lambda claims: {key: claims[key] for key in claims if key != "exp"},
    "from the future": lambda claims: {**claims, "iat": claims["iat"] + 600, "nbf": claims["iat"] + 600},
    "no subject": lambda claims: {key: claims[key] for key in claims if key != "sub"},
    "empty subject": lambda claims: {**claims, "sub": ""},
    "subject that is no text": lambda claims: {**claims, "sub": 7},
    "long subject": lambda claims: {**claims, "sub": "x" * 256},
}


def refused(app: Flask, provider: FakeProvider) -> str:
    """The page after a login that must fail and change nothing."""
    client = app.test_client()
    before = database_digest(app, but=("security_events",))
    asked = sent_to(client)
    answer = come_back(client, asked, provider.grant(asked, **KIM))
    assert database_digest(app, but=("security_events",)) == before
    assert answer.location.startswith("/login?next=")
    assert client.get("/profile").status_code == 302
    return client.get(answer.location).text


@pytest.mark.parametrize("how", BENT)
def test_token_that_says_something_else_is_refused(app: Flask, provider: FakeProvider, how: str) -> None:
    provider.bend_token = BENT[how]
    assert UNREACHABLE.format("Acme").replace("'", "&#39;") in refused(app, provider)


def test_token_of_another_key_is_refused(app: Flask, provider: FakeProvider) -> None:
    provider.listed = [provider.key]
    provider.key = a_key("one")  # the same name
    refused(app, provider)


@pytest.mark.parametrize("algorithm", ["HS256", "none"])
def test_token_signed_with_what_the_client_knows_is_refused(
    app: Flask, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch, algorithm: str
) -> None:
    """As CVE-2024-37568: the algorithm is that of the console, not the one in the token."""
    provider.algorithm = "HS256"
    if algorithm == "none":
        signed = provider.sign
        head = "eyJhbGciOiJub25lIn0"
        monkeypatch.setattr(
            provider, "sign", lambda asked, claims: f"{head}.{signed(asked, claims).split('.')[1]}."
        )
    refused(app, provider)


def test_token_that_demands_something_unknown_is_refused(app: Flask, provider: FakeProvider) -> None:
    """As CVE-2025-59420 of Authlib: what a header calls critical has to be understood."""
    provider.header = {"crit": ["bork"], "bork": "x"}
    refused(app, provider)
    provider.header = {"typ": "JWT"}  # with a signature made in the same way
    client = app.test_client()
    asked = sent_to(client)
    come_back(client, asked, provider.grant(asked, **KIM))
    assert client.get("/profile").status_code == 200


def test_new_key_is_asked_for_and_taken(app: Flask, provider: FakeProvider) -> None:
    client = app.test_client()
    asked = sent_to(client)
    come_back(client, asked, provider.grant(asked, **KIM))
    provider.key = a_key("two")
    again = app.test_client()
    app.extensions["identity_provider"]._kept.clear()
    asked = sent_to(again)
    come_back(again, asked, provider.grant(asked, **KIM))
    assert again.get("/profile").status_code == 200


@pytest.mark.parametrize(
    ("path", "answer"),
    [
        ("/token", (500, b"{}")),
        ("/token", (200, b"[]")),
        ("/token", (200, b'{"access_token": "a"}')),
        ("/token", (200, b'{"access_token": "a", "id_token": 7}')),
        ("/token", (302, b"")),
        ("/keys", (200, b'{"keys": "no"}')),
        ("/keys", (404, b"")),
        ("/token", (200, b'{"a": "' + b"x" * 600_000 + b'"}')),
        ("/token", (200, NESTED)),
        ("/keys", (200, NESTED)),
    ],
)
def test_wrong_answer_lets_nobody_in(
    app: Flask, provider: FakeProvider, path: str, answer: tuple[int, bytes]
) -> None:
    provider.answers[path] = answer
    refused(app, provider)


def test_token_with_deeply_nested_claims_is_refused(
    app: Flask, provider: FakeProvider, monkeypatch: pytest.MonkeyPatch
) -> None:
    claims = b'{"a": ' + b"[" * 3000 + b"]" * 3000 + b"}"
    header = {"alg": "RS256", "kid": "one"}
    monkeypatch.setattr(provider, "sign", lambda *_: jws.serialize_compact(header, claims, provider.key))
    assert UNREACHABLE.format("Acme").replace("'", "&#39;") in refused(app, provider)


def test_information_about_another_user_is_refused(app: Flask, provider: FakeProvider) -> None:
    provider.user_info = {**KIM, "sub": "another"}
    provider.bend_token = lambda claims: {key: claims[key] for key in claims if key != "email"}
    refused(app, provider)


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://evil.example"},
        {"issuer": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": "http://evil.example/authorize"},
        {"token_endpoint": None},
        {"jwks_uri": 7},
        {"end_session_endpoint": "//evil.example"},
    ],
)
def test_description_that_cannot_be_trusted_leads_nowhere(
    app: Flask, provider: FakeProvider, described: dict[str, Any]
) -> None:
    provider.description = described
    answer = app.test_client().get("/login/sso")
    assert answer.location == "/login?next=/"


@pytest.mark.parametrize("answer", [(503, b""), (200, NESTED)])
def test_provider_that_is_gone_is_told_in_plain_words(
    app: Flask, provider: FakeProvider, answer: tuple[int, bytes]
) -> None:
    provider.answers["/.well-known/openid-configuration"] = answer
    client = app.test_client()
    assert "Acme can&#39;t be reached right now" in client.get(client.get("/login/sso").location).text


def test_provider_without_a_name_begins_a_sentence_with_a_capital(
    opened: Open, provider: FakeProvider
) -> None:
    provider.answers["/.well-known/openid-configuration"] = (503, b"")
    client = opened(name="single sign-on").test_client()
    page = client.get(client.get("/login/sso").location).text
    assert "Single sign-on can&#39;t be reached right now" in page


def test_answer_to_a_login_of_another_browser_is_refused(app: Flask, provider: FakeProvider) -> None:
    """As CVE-2025-68158: a link with the attacker's code must log nobody in as the attacker."""
    attacker, victim = app.test_client(), app.test_client()
    asked = sent_to(attacker)
    sent_to(victim)
    answer = come_back(victim, asked, provider.grant(asked, **KIM))
    assert OVER in victim.get(answer.location).text
    assert victim.get("/profile").status_code == 302


def test_answer_works_once(app: Flask, provider: FakeProvider) -> None:
    client = app.test_client()
    asked = sent_to(client)
    code = provider.grant(asked, **KIM)
    come_back(client, asked, code)
    client.post("/logout", data={"csrf_token": "x"})
    other = app.test_client()
    for again in (client, other):
        answer = come_back(again, asked, code)
        assert again is client or OVER in other.get(answer.location).text
    assert other.get("/profile").status_code == 302


def test_login_that_takes_too_long_is_refused(
    app: Flask, provider: FakeProvider, set_clock: SetClock
) -> None:
    client = app.test_client()
    asked = sent_to(client)
    set_clock(timedelta(minutes=11))
    answer = come_back(client, asked, provider.grant(asked, **KIM))
    assert OVER in client.get(answer.location).text


def test_answer_of_another_provider_is_refused(app: Flask, provider: FakeProvider) -> None:
    """RFC 9207: a provider must not pass on the code of another."""
    client = app.test_client()
    asked = sent_to(client)
    answer = come_back(client, asked, provider.grant(asked, **KIM), iss="https://evil.example")
    assert REFUSED.format("Acme") in client.get(answer.location).text
    assert "/token" not in [path for path, _ in provider.requests]


@pytest.mark.parametrize("more", [{"error": "access_denied"}, {"code": ""}, {"code": "x" * 5000}])
def test_refusal_at_the_provider_is_told(app: Flask, provider: FakeProvider, more: dict[str, str]) -> None:
    client = app.test_client()
    asked = sent_to(client)
    answer = client.get("/login/sso/callback", query_string={"state": asked["state"], **more})
    assert REFUSED.format("Acme") in client.get(answer.location).text


def test_request_carries_state_nonce_and_challenge(app: Flask, provider: FakeProvider) -> None:
    client = app.test_client()
    answer = client.get("/login/sso?next=/profile")
    parts = urlsplit(answer.location)
    asked = dict(parse_qsl(parts.query))
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.url}/authorize"
    assert {"state", "nonce", "code_challenge"} < asked.keys()
    assert asked["code_challenge_method"] == "S256"
    assert asked["redirect_uri"] == "http://127.0.0.1:8000/login/sso/callback"
    again = dict(parse_qsl(urlsplit(client.get("/login/sso").location).query))
    assert all(asked[name] != again[name] for name in ("state", "nonce", "code_challenge"))


@pytest.mark.security(42)
@pytest.mark.parametrize("goal", ["https://evil.example", "//evil.example", "/\\evil.example", "x" * 9000])
def test_login_leads_to_no_other_site(app: Flask, provider: FakeProvider, goal: str) -> None:
    client = app.test_client()
    asked = sent_to(client, f"/login/sso?next={goal[:7000]}")
    answer = come_back(client, asked, provider.grant(asked, **KIM))
    assert answer.location == "/admin/products/"


@pytest.mark.security(42)
def test_host_of_the_request_decides_no_address(app: Flask, provider: FakeProvider) -> None:
    answer = app.test_client().get("/login/sso", headers={"Host": "localhost:9999"})
    assert "localhost%3A9999" not in answer.location


def test_pages_are_not_there_without_a_provider(make_app: MakeApp) -> None:
    client = make_app().test_client()
    for path in ("", "/confirm", "/connect", "/callback", "/log-out"):
        assert client.get(f"/login/sso{path}").status_code == 404
