"""A provider that is slow or gone: pages say so at once, and nobody is kept from logging out."""

from collections.abc import Callable
from datetime import timedelta
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.single_sign_on import provider as talking
from dashboard.accounts.single_sign_on.views import STILL_THERE, UNREACHABLE
from unit.accounts.single_sign_on.providers import FakeProvider, Open, come_back, sent_to, with_owner
from unit.conftest import SetClock, Submit
from unit.serving.answers import wait_until

DESCRIPTION = "/.well-known/openid-configuration"
KIM = {"sub": "kim-1", "email": "kim@example.test", "email_verified": True}
NEVER = 600.0  # seconds
Set = Callable[..., None]


@pytest.fixture
def bounds(monkeypatch: pytest.MonkeyPatch) -> Set:
    """`bounds(SECONDS=0.3)` changes the limits of talking to a provider."""

    def bounds(**values: float) -> None:
        for name, value in values.items():
            monkeypatch.setattr(talking, name, value)

    return bounds


def is_told(text: str, page: str) -> bool:
    """Whether a page tells what is wrong with the provider."""
    return text.format("Acme").replace("'", "&#39;") in page


def left(app: Flask) -> str:
    """The page after following the link to a provider that does not answer."""
    client = app.test_client()
    answer = client.get("/login/sso?next=/profile")
    assert answer.location == "/login?next=/profile"
    return client.get(answer.location).text


def test_provider_that_hangs_is_asked_once_and_then_again_later(
    app: Flask, provider: FakeProvider, bounds: Set
) -> None:
    provider.slow[DESCRIPTION] = NEVER
    bounds(SECONDS=0.3)
    assert is_told(UNREACHABLE, left(app))
    assert is_told(UNREACHABLE, left(app))
    assert [path for path, _ in provider.requests] == [DESCRIPTION]
    provider.slow.clear()
    bounds(SECONDS=5.0, FAULT_SECONDS=0)
    sent_to(app.test_client())


def test_only_a_few_pages_wait_for_a_slow_provider(opened: Open, provider: FakeProvider, bounds: Set) -> None:
    bounds(WAIT_SECONDS=0)
    app = with_owner(opened())
    provider.slow[DESCRIPTION] = 3.0
    crowd = [Thread(target=app.test_client().get, args=("/login/sso",)) for _ in range(talking.AT_ONCE)]
    for each in crowd:
        each.start()
    wait_until(lambda: len(provider.requests) == talking.AT_ONCE)
    assert is_told(UNREACHABLE, left(app))
    for each in crowd:
        each.join()
    assert len(provider.requests) == talking.AT_ONCE
    sent_to(app.test_client())  # the others were too many, and the provider is well


def test_provider_that_died_after_it_described_itself_is_told(
    app: Flask, provider: FakeProvider, bounds: Set
) -> None:
    sent_to(app.test_client())
    provider.answers[DESCRIPTION] = (503, b"")
    sent_to(app.test_client())  # it was there a moment ago
    bounds(ALIVE_SECONDS=0)
    assert is_told(UNREACHABLE, left(app))


def test_provider_that_dies_while_a_user_logs_in_is_told(
    app: Flask, provider: FakeProvider, bounds: Set
) -> None:
    client = app.test_client()
    asked = sent_to(client)
    provider.slow["/token"] = NEVER
    bounds(SECONDS=0.3)
    answer = come_back(client, asked, provider.grant(asked, **KIM))
    assert is_told(UNREACHABLE, client.get(answer.location).text)
    assert is_told(UNREACHABLE, left(app))


def test_proof_at_a_provider_that_is_gone_leads_back_to_the_other_ways(
    app: Flask, provider: FakeProvider, log_in: Any, set_clock: SetClock
) -> None:
    client = app.test_client()
    log_in(client, "owner")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    provider.answers[DESCRIPTION] = (503, b"")
    answer = client.get("/login/sso/confirm?next=/admin/users/new/")
    assert answer.location == "/login/confirm?next=/admin/users/new/"
    assert is_told(UNREACHABLE, client.get(answer.location).text)


def test_refused_code_keeps_no_other_user_out(app: Flask, provider: FakeProvider) -> None:
    stranger, kim = app.test_client(), app.test_client()
    come_back(stranger, sent_to(stranger), "guessed")
    asked = sent_to(kim)
    come_back(kim, asked, provider.grant(asked, **KIM))
    assert kim.get("/profile").status_code == 200


def test_logging_out_neither_waits_for_the_provider_nor_depends_on_it(
    app: Flask, provider: FakeProvider, bounds: Set, submit: Submit
) -> None:
    client: Any = app.test_client()
    asked = sent_to(client)
    come_back(client, asked, provider.grant(asked, **KIM))
    provider.slow[DESCRIPTION] = NEVER
    bounds(SECONDS=0.3, ALIVE_SECONDS=0)
    before = len(provider.requests)
    page = client.get(submit(client, "/logout").location).text
    assert "Logged out successfully." in page
    assert len(provider.requests) == before
    assert client.get("/profile").location.startswith("/login?next=")
    page = client.get(client.get("/login/sso/log-out").location).text
    assert is_told(STILL_THERE, page)
    assert "Log out of Acme too" in page
