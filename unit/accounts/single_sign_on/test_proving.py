"""Connecting an account, proving at the provider who one is, and logging out there."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard import clock
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.accounts.single_sign_on.flows import CONNECTED, TAKEN
from dashboard.accounts.single_sign_on.models import Identity
from dashboard.accounts.single_sign_on.views import NOT_AGAIN, NOT_THIS_USER, OVER
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from unit.accounts.proving import asks_for_proof
from unit.accounts.single_sign_on.providers import FakeProvider, come_back, sent_to
from unit.conftest import Csrf, SetClock, Submit

pytestmark = pytest.mark.both_databases


@pytest.fixture
def owner(app: Flask, log_in: Any) -> FlaskClient:
    """A browser of the owner."""
    client = app.test_client()
    log_in(client, "owner")
    return client


def connected(client: FlaskClient, provider: FakeProvider, subject: str = "o-1", **claims: Any) -> str:
    """Connect the account of a browser; returns the page that follows."""
    asked = sent_to(client, "/login/sso/connect")
    answer = come_back(client, asked, provider.grant(asked, sub=subject, **claims))
    return client.get(answer.location).text


def proof(client: FlaskClient, provider: FakeProvider, **claims: Any) -> tuple[str, str]:
    """Prove at the provider who one is, on the way to a page; returns where it led and what is shown."""
    asked = sent_to(client, "/login/sso/confirm?next=/admin/users/new/")
    answer = come_back(client, asked, provider.grant(asked, **{"sub": "o-1", **claims}))
    return answer.location, client.get(answer.location).text


def test_account_is_connected_and_then_logs_in(
    app: Flask, owner: FlaskClient, provider: FakeProvider
) -> None:
    assert "Your account is connected with Acme." in connected(owner, provider)
    browser = app.test_client()
    asked = sent_to(browser)
    come_back(browser, asked, provider.grant(asked, sub="o-1"))
    assert "owner@" in browser.get("/profile").text


def test_connecting_needs_a_fresh_proof(
    owner: FlaskClient, provider: FakeProvider, set_clock: SetClock
) -> None:
    asked = sent_to(owner, "/login/sso/connect")
    set_clock(FRESH_FOR + timedelta(seconds=1))
    assert asks_for_proof(owner.get("/login/sso/connect"))
    assert asks_for_proof(come_back(owner, asked, provider.grant(asked, sub="o-1")))


@pytest.mark.security(57)
@pytest.mark.parametrize("auth_time", [-3600, 3600, "now", True, 1e300])
def test_connecting_refuses_a_login_that_is_not_new(
    app: Flask, owner: FlaskClient, provider: FakeProvider, auth_time: Any
) -> None:
    """Or who leaves a browser logged in at the provider would lend their identity to others."""
    at = int(clock.now().timestamp()) + auth_time if type(auth_time) is int else auth_time
    provider.bend_token = lambda claims: {**claims, "auth_time": at}
    page = connected(owner, provider)
    assert NOT_AGAIN.format("Acme") in page or "Acme can&#39;t be reached" in page
    with app.app_context():
        assert db.session.scalars(select(Identity)).all() == []


def test_provider_that_does_not_tell_the_time_can_be_connected(
    owner: FlaskClient, provider: FakeProvider
) -> None:
    provider.bend_token = lambda claims: {key: claims[key] for key in claims if key != "auth_time"}
    assert "Your account is connected with Acme." in connected(owner, provider)


def test_person_is_connected_with_one_account(
    app: Flask, owner: FlaskClient, provider: FakeProvider, log_in: Any
) -> None:
    connected(owner, provider)
    with app.app_context():
        the_account("viewer")
        db.session.commit()
    viewer = app.test_client()
    log_in(viewer, "viewer")
    assert TAKEN.format("Acme") in connected(viewer, provider)
    assert CONNECTED.format("Acme") in connected(owner, provider, "o-2")


def test_disconnecting_ends_the_way_in(
    app: Flask, owner: FlaskClient, provider: FakeProvider, submit: Submit
) -> None:
    connected(owner, provider)
    answer = submit(owner, "/login/sso/disconnect")
    assert "no longer connected with Acme" in owner.get(answer.location).text
    with app.app_context():
        assert db.session.scalars(select(Identity)).all() == []


@pytest.mark.security(57)
def test_disconnecting_needs_a_fresh_proof(
    app: Flask, owner: FlaskClient, provider: FakeProvider, submit: Submit, csrf: Csrf, set_clock: SetClock
) -> None:
    connected(owner, provider)
    csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    assert asks_for_proof(submit(owner, "/login/sso/disconnect"))
    with app.app_context():
        assert len(db.session.scalars(select(Identity)).all()) == 1


@pytest.mark.security(39)
def test_disconnecting_needs_a_token_and_a_user(
    app: Flask, owner: FlaskClient, provider: FakeProvider, submit: Submit
) -> None:
    connected(owner, provider)
    assert owner.post("/login/sso/disconnect").status_code == 400
    assert submit(app.test_client(), "/login/sso/disconnect").location.startswith("/login?next=")
    with app.app_context():
        assert len(db.session.scalars(select(Identity)).all()) == 1


def newcomer(app: Flask, provider: FakeProvider) -> FlaskClient:
    """A browser of a user without a password."""
    client = app.test_client()
    asked = sent_to(client)
    come_back(client, asked, provider.grant(asked, sub="k", email="kim@example.test", email_verified=True))
    return client


def test_last_way_to_log_in_stays_until_there_is_a_password(
    app: Flask, provider: FakeProvider, submit: Submit
) -> None:
    client = newcomer(app, provider)
    answer = submit(client, "/login/sso/disconnect")
    assert "Choose a password first." in client.get(answer.location).text
    chosen = "copper violin drizzle 77"
    answer = submit(client, "/profile/password", password=chosen, confirm=chosen)
    assert "Password chosen." in client.get(answer.location).text
    answer = submit(client, "/login/sso/disconnect")
    assert "no longer connected" in client.get(answer.location).text


def test_first_password_needs_a_fresh_proof(
    app: Flask, provider: FakeProvider, submit: Submit, csrf: Csrf, set_clock: SetClock
) -> None:
    client = newcomer(app, provider)
    csrf(client)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    chosen = "copper violin drizzle 77"
    assert asks_for_proof(submit(client, "/profile/password", password=chosen, confirm=chosen))


def test_user_without_a_password_proves_at_the_provider(
    app: Flask, provider: FakeProvider, set_clock: SetClock
) -> None:
    client = newcomer(app, provider)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    page = client.get("/login/confirm?next=/profile").text
    assert "/login/sso/confirm?next=" in page
    assert 'name="password"' not in page


@pytest.mark.security(57)
def test_proof_at_the_provider_counts(
    owner: FlaskClient, provider: FakeProvider, set_clock: SetClock
) -> None:
    connected(owner, provider)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    location, page = proof(owner, provider)
    assert location == "/admin/users/new/"
    assert "Confirmed." in page


def test_provider_is_told_to_ask_again(owner: FlaskClient, provider: FakeProvider) -> None:
    asked = sent_to(owner, "/login/sso/confirm")
    assert (asked["prompt"], asked["max_age"]) == ("login", "0")
    assert "prompt" not in sent_to(owner.application.test_client())


@pytest.mark.security(57)
@pytest.mark.parametrize("auth_time", [-3600, 3600, None, "now", True, 1e300])
def test_login_that_the_provider_did_not_ask_for_again_proves_nothing(
    owner: FlaskClient, provider: FakeProvider, set_clock: SetClock, auth_time: Any
) -> None:
    connected(owner, provider)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    at = int(clock.now().timestamp()) + auth_time if type(auth_time) is int else auth_time
    provider.bend_token = lambda claims: {**claims, "auth_time": at}
    _, page = proof(owner, provider)
    assert NOT_AGAIN.format("Acme") in page or "Acme can&#39;t be reached" in page
    assert "Confirmed." not in page


@pytest.mark.security(57)
def test_another_user_of_the_provider_proves_nothing(
    owner: FlaskClient, provider: FakeProvider, set_clock: SetClock
) -> None:
    """As GHSA-f66q-9rf6-8795: a proof by another user is no proof of this one."""
    connected(owner, provider)
    newcomer(owner.application, provider)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    _, page = proof(owner, provider, sub="k")
    assert NOT_THIS_USER.format("Acme") in page


def test_proof_of_another_session_is_refused(
    app: Flask, owner: FlaskClient, provider: FakeProvider, log_in: Any, submit: Submit
) -> None:
    connected(owner, provider)
    asked = sent_to(owner, "/login/sso/confirm")
    submit(owner, "/profile/sessions/end-others")  # which gives this browser a new one
    answer = come_back(owner, asked, provider.grant(asked, sub="o-1"))
    assert OVER in owner.get(answer.location).text


def test_logging_out_offers_to_log_out_of_the_provider(
    app: Flask, provider: FakeProvider, submit: Submit
) -> None:
    client = newcomer(app, provider)
    page = client.get(submit(client, "/logout").location).text
    assert "Log out of Acme too" in page
    parts = urlsplit(client.get("/login/sso/log-out").location)
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{provider.url}/logout"
    assert dict(parse_qsl(parts.query)) == {
        "client_id": "console",
        "post_logout_redirect_uri": "http://127.0.0.1:8000/login",
    }


def test_provider_without_a_logout_leads_to_the_login_page(app: Flask, provider: FakeProvider) -> None:
    provider.description = {"end_session_endpoint": None}
    assert app.test_client().get("/login/sso/log-out").location == "/login"
