"""Logging in at a provider: which account a person gets, and who is refused."""

from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import State, User
from dashboard.accounts.one_time_links import Purpose, find_link
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.accounts.single_sign_on.flows import (
    DEACTIVATED,
    FIRST,
    NO_ACCOUNT,
    NO_EMAIL,
    NO_GROUP,
    NOT_CONNECTED,
)
from dashboard.accounts.single_sign_on.models import Identity
from dashboard.extensions import db
from dashboard.testing.accounts import an_account, an_invitation
from dashboard.testing.second_factors import an_authenticator, code_of
from unit.accounts.single_sign_on.providers import FakeProvider, Open, come_back, sent_to, with_owner
from unit.conftest import Submit
from unit.digest import database_digest

pytestmark = pytest.mark.both_databases

KIM = "kim@example.test"
ROLES = {"staff": "viewer", "buyers": "editor", "chiefs": "admin"}
INVITE_ONLY: dict[str, object] = {"registration": "invite"}


def arrive(
    app: Flask, provider: FakeProvider, path: str = "/login/sso", **claims: Any
) -> tuple[FlaskClient, str]:
    """A browser whose user has logged in at the provider, and the messages that it is shown."""
    client = app.test_client()
    asked = sent_to(client, path)
    known = {"sub": "kim-1", "email": KIM, "email_verified": True, "name": "Kim"}
    answer = come_back(client, asked, provider.grant(asked, **{**known, **claims}))
    assert answer.status_code == 302
    return client, client.get(answer.location).text


def found(app: Flask, email: str = KIM) -> User | None:
    """The account of an email."""
    with app.app_context():
        return db.session.scalar(select(User).where(User.email == email))


def test_newcomer_gets_an_account_without_a_password(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    client, page = arrive(app, provider, picture="https://example.test/x.png")
    assert "Logged in successfully." in page
    user = found(app)
    assert user is not None
    assert (user.name, user.role, user.password_hash, user.state) == ("Kim", "viewer", "", State.ACTIVE)
    assert client.get("/profile").status_code == 200


def test_same_person_gets_the_same_account_whatever_their_email(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    arrive(app, provider)
    _, page = arrive(app, provider, email="other@example.test")
    assert "Logged in successfully." in page
    assert found(app, "other@example.test") is None
    with app.app_context():
        assert len(db.session.scalars(select(Identity)).all()) == 1


def test_another_person_with_the_same_email_gets_no_account(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    arrive(app, provider)
    client, page = arrive(app, provider, sub="kim-2")
    assert NOT_CONNECTED.format("Acme") in page
    assert client.get("/profile").status_code == 302


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_email_that_is_not_verified_finds_and_makes_no_account(
    provider: FakeProvider, opened: Open, verified: object
) -> None:
    """As GHSA-97r5-pg8x-p63p: a provider where anyone may type any email."""
    app = with_owner(opened({"registration": "invite"}, links_by_email=True))
    with app.app_context():
        an_account(email=KIM)
        db.session.commit()
    before = database_digest(app, but=("security_events",))
    client, page = arrive(app, provider, email_verified=verified)
    assert NO_ACCOUNT in page
    assert database_digest(app, but=("security_events",)) == before
    assert client.get("/profile").status_code == 302


def test_newcomer_without_a_verified_email_gets_no_account(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    _, page = arrive(app, provider, email_verified=False)
    assert NO_EMAIL.format("Acme") in page
    assert found(app) is None


def test_account_with_the_email_is_connected_only_where_allowed(provider: FakeProvider, opened: Open) -> None:
    for links in (False, True):
        app = with_owner(opened(INVITE_ONLY, links_by_email=links))
        with app.app_context():
            if not found(app):
                an_account(email=KIM)
                db.session.commit()
        _, page = arrive(app, provider)
        assert ("Logged in successfully." in page) == links
        assert (NOT_CONNECTED.format("Acme") in page) != links


def test_account_that_anyone_could_register_is_not_connected(provider: FakeProvider, opened: Open) -> None:
    """Else whoever registered with the email of another person would share the account with them."""
    app = with_owner(opened({"registration": "open"}, links_by_email=True))
    with app.app_context():
        an_account(email=KIM)
        db.session.commit()
    _, page = arrive(app, provider)
    assert NOT_CONNECTED.format("Acme") in page


def test_invited_person_joins_and_the_link_ends(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened(INVITE_ONLY, links_by_email=True))
    with app.app_context():
        _, token = an_invitation(KIM, role="editor")
        db.session.commit()
    _, page = arrive(app, provider)
    assert "Logged in successfully." in page
    user = found(app)
    assert user is not None
    assert (user.role, user.state, user.version) == ("editor", State.ACTIVE, 2)
    with app.app_context():
        assert find_link(token, Purpose.INVITATION) is None


def test_stranger_is_refused_where_registration_is_not_open(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened(INVITE_ONLY))
    _, page = arrive(app, provider)
    assert NO_ACCOUNT in page
    assert found(app) is None


@pytest.mark.parametrize("groups", [[], ["visitors"], "visitors", {"a": 1}, [1, None], None])
def test_person_in_no_mapped_group_is_refused(provider: FakeProvider, opened: Open, groups: object) -> None:
    app = with_owner(opened(roles=ROLES))
    _, page = arrive(app, provider, groups=groups)
    assert NO_GROUP.format("Acme") in page
    assert found(app) is None


def test_groups_give_the_highest_role_at_every_login(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened(INVITE_ONLY, roles=ROLES))
    for groups, role in ((["staff", "chiefs"], "admin"), (["buyers"], "editor"), ("staff", "viewer")):
        arrive(app, provider, groups=groups)
        user = found(app)
        assert user is not None
        assert user.role == role


def test_groups_take_no_role_from_an_owner(provider: FakeProvider, opened: Open) -> None:
    app = opened(INVITE_ONLY, roles=ROLES, links_by_email=True)
    with app.app_context():
        an_account("owner", email=KIM)
        db.session.commit()
    _, page = arrive(app, provider, groups=["staff"])
    assert "Logged in successfully." in page
    user = found(app)
    assert user is not None
    assert user.role == "owner"


def test_deactivated_account_stays_closed(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    arrive(app, provider)
    with app.app_context():
        db.session.scalars(select(User).where(User.email == KIM)).one().active = False
        db.session.commit()
    client, page = arrive(app, provider)
    assert DEACTIVATED in page
    assert client.get("/profile").status_code == 302


def test_first_account_is_not_made_by_the_provider(provider: FakeProvider, opened: Open) -> None:
    app = opened(roles=ROLES)
    _, page = arrive(app, provider, groups=["chiefs"])
    assert FIRST in page
    assert found(app) is None


@pytest.mark.parametrize("name", ["boss@example.test", "x" * 101, "\u202e", 7])
def test_name_that_is_not_accepted_is_left_out(provider: FakeProvider, opened: Open, name: object) -> None:
    app = with_owner(opened())
    arrive(app, provider, name=name)
    user = found(app)
    assert user is not None
    assert user.name == ""


@pytest.mark.security(79)
def test_logins_and_refusals_are_in_the_security_log(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    arrive(app, provider)
    arrive(app, provider, sub="kim-2")
    with app.app_context():
        events = db.session.scalars(select(SecurityEvent.event).order_by(SecurityEvent.id)).all()
    assert events == ["registered", "identity-connected", "logged-in", "login-failed"]


def test_email_is_asked_for_where_the_token_has_none(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    provider.user_info = {"sub": "kim-1", "email": KIM, "email_verified": True, "name": "Kim"}
    provider.bend_token = lambda claims: {
        k: v for k, v in claims.items() if k not in ("email", "email_verified")
    }
    arrive(app, provider)
    assert found(app) is not None


def test_two_of_the_same_person_at_once_get_one_account(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened())
    browsers = [app.test_client(), app.test_client()]
    asked = [sent_to(client) for client in browsers]
    codes = [provider.grant(each, sub="k", email=KIM, email_verified=True) for each in asked]
    for client, each, code in zip(browsers, asked, codes, strict=True):
        come_back(client, each, code)
    assert [client.get("/profile").status_code for client in browsers] == [200, 200]
    with app.app_context():
        assert len(db.session.scalars(select(Identity)).all()) == 1


@pytest.mark.security(64, 66)
def test_second_factor_is_asked_for_after_the_provider(
    provider: FakeProvider, opened: Open, submit: Submit
) -> None:
    """As GHSA-97r5-pg8x-p63p: a login elsewhere must not stand in for the factor here."""
    app = with_owner(opened())
    arrive(app, provider)
    with app.app_context():
        seed = an_authenticator(db.session.scalars(select(User).where(User.email == KIM)).one())
        db.session.commit()
    client = app.test_client()
    asked = sent_to(client, "/login/sso?next=/profile")
    answer = come_back(client, asked, provider.grant(asked, sub="kim-1"))
    assert answer.location == "/login/factor?next=/profile"
    assert client.get("/profile").location.startswith("/login?next=")
    answer = submit(client, answer.location, one_time_code=code_of(seed))
    assert answer.location == "/profile"
    assert client.get("/profile").status_code == 200


@pytest.mark.security(64)
def test_role_that_needs_a_factor_is_led_to_setting_it_up(provider: FakeProvider, opened: Open) -> None:
    app = with_owner(opened({"second_factor": "editor"}, roles=ROLES))
    client, _ = arrive(app, provider, groups=["buyers"])
    for path in ("/admin/products/", "/profile", "/login/sso/connect"):
        assert client.get(path).location.startswith("/profile/second-factor?next=")


@pytest.mark.parametrize(("zone", "stored"), [("Asia/Tokyo", True), ("Mars/Base", False), ("", False)])
def test_login_elsewhere_sends_the_zone_of_the_browser(
    app: Flask, provider: FakeProvider, zone: str, stored: bool
) -> None:
    with app.app_context():
        an_account("editor", email=KIM)
        db.session.commit()
    client, _ = arrive(app, provider, f"/login/sso?zone={zone}")
    assert (client.get_cookie("browser_zone") is not None) == stored
