"""Settings that do not fit the provider: users are told whom to ask, the log and a command what is wrong."""

import pytest
from flask import Flask

from dashboard.accounts.single_sign_on.views import SET_UP_WRONGLY
from unit.accounts.single_sign_on.providers import (
    CLIENT_SECRET,
    FakeProvider,
    Open,
    come_back,
    sent_to,
    with_owner,
)

HINT = "It refuses the client. Check DASHBOARD_OIDC_CLIENT_ID and DASHBOARD_OIDC_CLIENT_SECRET."


@pytest.mark.parametrize(
    "answer",
    [(401, b"no"), (400, b'{"error": "invalid_client"}'), (200, b'{"error": "unauthorized_client"}')],
)
def test_client_that_the_provider_refuses_is_told_and_logged(
    app: Flask, provider: FakeProvider, caplog: pytest.LogCaptureFixture, answer: tuple[int, bytes]
) -> None:
    provider.answers["/token"] = answer
    client = app.test_client()
    asked = sent_to(client)
    page = client.get(come_back(client, asked, provider.grant(asked, sub="kim-1")).location).text
    assert SET_UP_WRONGLY in page
    assert HINT in caplog.text


@pytest.mark.security(81)
def test_wrong_secret_is_told_without_it(
    opened: Open, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    wrong = CLIENT_SECRET[::-1]
    client = with_owner(opened(client_secret=wrong)).test_client()
    asked = sent_to(client)
    page = client.get(come_back(client, asked, provider.grant(asked, sub="kim-1")).location).text
    assert SET_UP_WRONGLY in page
    assert HINT in caplog.text
    assert wrong not in page + caplog.text


def test_another_issuer_than_the_setting_has_is_told_and_logged(
    app: Flask, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.description = {"issuer": f"{provider.url}/"}
    client = app.test_client()
    assert SET_UP_WRONGLY in client.get(client.get("/login/sso").location).text
    assert f"It calls itself '{provider.url}/', and DASHBOARD_OIDC_ISSUER is '{provider.url}'." in caplog.text


def test_error_that_no_user_can_cause_is_told_and_logged(
    app: Flask, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    client = app.test_client()
    back = {"state": sent_to(client)["state"], "error": "invalid_scope"}
    answer = client.get("/login/sso/callback", query_string=back)
    assert SET_UP_WRONGLY in client.get(answer.location).text
    assert "It sends browsers back with invalid_scope." in caplog.text


def test_status_of_an_answer_is_logged(
    app: Flask, provider: FakeProvider, caplog: pytest.LogCaptureFixture
) -> None:
    provider.answers["/.well-known/openid-configuration"] = (404, b"")
    app.test_client().get("/login/sso")
    assert "/.well-known/openid-configuration did not answer: status 404" in caplog.text
