"""Roles that need a second factor: without one their users can only set one up (security line 64)."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.managing import change_account
from dashboard.accounts.second_factor.required import LATER, NEEDED
from dashboard.accounts.security_log.events import Event
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import (
    NEW_PASSWORD,
    PASSWORD,
    an_invitation,
    email_of,
    the_account,
)
from dashboard.testing.catalogue import a_product
from dashboard.testing.mail_servers import Mailbox
from dashboard.testing.second_factors import an_authenticator, code_of
from unit.accounts.second_factors.steps import AUTHENTICATOR, CODES, FACTOR, OVERVIEW, is_in, lets_in
from unit.admin.reading import flashes, read, record_form, value
from unit.conftest import ClientAs, Csrf, MakeApp, Submit
from unit.digest import database_digest
from unit.environment import GOOD_KEY, complaints, in_production
from unit.environment import read as read_settings
from unit.mailing import send_due
from unit.security_log.reading import events
from unit.surface import addresses, changing_routes

pytestmark = [pytest.mark.both_databases, pytest.mark.security(64)]

OPEN = {
    "/healthz",
    "/readyz",
    "/profile/second-factor",
    "/profile/authenticator",
    "/profile/passkeys/new",
    "/login",
    "/login/confirm",
}
LEADS_ON = {"/login", "/login/confirm"}  # for users who are logged in, so to a page that is not open
OPEN_TO_CHANGES = {
    "/profile/authenticator",
    "/profile/passkeys/new",
    "/logout",
    "/mode",
    "/login",
    "/login/confirm",
}
LogIn = Callable[[FlaskClient, str], str]
NEW = {"password": NEW_PASSWORD, "confirm": NEW_PASSWORD}


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """A console where admins and owners need a second factor, with an owner."""
    made = make_app(second_factor="admin")
    with made.app_context():
        the_account("owner")
        a_product("Oak Lamp")
        db.session.commit()
    return made


def is_led_to_set_up(client: FlaskClient, address: str = "/admin/products/") -> bool:
    answer = client.get(address)
    return answer.status_code == 302 and answer.location.startswith(f"{OVERVIEW}?next=")


def set_up(client: FlaskClient, submit: Submit, goal: str = "") -> str:
    """Set an app up where the page of factors leads, and return where that leads."""
    address = f"{AUTHENTICATOR}?next={goal}" if goal else AUTHENTICATOR
    page = client.get(address).text
    seed = read(page).all("code")[0].text.replace(" ", "")
    sent = {"sealed_seed": value(page, "sealed_seed"), "one_time_code": code_of(seed)}
    return submit(client, address, **sent).location


@pytest.mark.parametrize(
    ("least", "role", "is_led"),
    [
        *(("admin", role, role in ("admin", "owner")) for role in ("viewer", "editor", "admin", "owner")),
        *(("viewer", role, True) for role in ("viewer", "owner")),
        *(("owner", role, role == "owner") for role in ("admin", "owner")),
        *(("none", role, False) for role in ("viewer", "owner")),
    ],
)
def test_roles_from_the_least_one_up_need_a_factor(
    make_app: MakeApp, log_in: LogIn, least: str, role: str, is_led: bool
) -> None:
    client = make_app(second_factor=least).test_client()
    log_in(client, role)
    assert is_led_to_set_up(client) is is_led
    assert is_in(client) is not is_led


def test_every_page_leads_to_setting_up(app: Flask, client_as: ClientAs) -> None:
    admin = client_as("admin")
    for address in addresses(app, "GET"):
        if address.partition("?")[0] not in OPEN:
            assert is_led_to_set_up(admin, address), address
    for address in LEADS_ON:
        assert is_led_to_set_up(admin, admin.get(address).location)


def test_no_request_changes_anything_before_setting_up(app: Flask, client_as: ClientAs, csrf: Csrf) -> None:
    admin = client_as("admin")
    token, before = csrf(admin), database_digest(app, but=("form_drafts",))
    for method, address in changing_routes(app):
        if address not in OPEN_TO_CHANGES:
            sent = {"csrf_token": token, "id": "1", "name": "Elm Lamp", "action": "delete", "confirm": "1"}
            answer = admin.open(address, method=method, data=sent)
            assert answer.location.startswith(f"{OVERVIEW}?next="), address
    assert database_digest(app, but=("form_drafts",)) == before


def test_pages_for_setting_up_offer_nothing_that_leads_back(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    admin = client_as("admin")
    for address in (OVERVIEW, AUTHENTICATOR):
        page = read(admin.get(address).text)
        links = {link.attributes["href"].partition("#")[0] for link in page.all("a")}
        assert links <= {"", OVERVIEW, AUTHENTICATOR, "/profile/passkeys/new"}
        assert "Log out" in [button.text for button in page.all("button")]
    set_up(admin, submit)
    links = {link.attributes["href"] for link in read(admin.get(OVERVIEW).text).all("a")}
    assert {"/admin/products/", "/profile"} <= links


def test_scripts_are_refused_before_setting_up(client_as: ClientAs) -> None:
    headers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin"}
    answer = client_as("admin").get("/admin/palette/?q=oak", headers=headers)
    assert answer.status_code == 403
    assert LATER in answer.text
    assert "Oak Lamp" not in answer.text


def test_log_in_leads_through_setting_up_to_what_was_asked_for(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    goal = "/admin/products/"
    answer = submit(client, f"/login?next={goal}", email=email_of("owner"), password=PASSWORD)
    asked = client.get(answer.location)
    page = client.get(asked.location)
    assert "Your role needs a second factor." in page.text
    assert f'href="{AUTHENTICATOR}?next={goal}"' in page.text
    assert set_up(client, submit, goal) == f"{CODES}?next={goal}"
    assert f'href="{goal}"' in submit(client, f"{CODES}?next={goal}").text
    assert is_in(client)


def test_text_that_was_typed_is_kept_while_setting_up(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        an_authenticator(the_account("owner"))
        db.session.commit()
    admin = client_as("editor")
    form = record_form(admin.get("/admin/products/edit/?id=1").text)
    with app.app_context():
        change_account(None, the_account("editor"), name="", role=Role.ADMIN)
        db.session.commit()
    answer = admin.post("/admin/products/edit/?id=1", data={**form, "name": "Elm Lamp"})
    assert answer.location.startswith(OVERVIEW)
    back = parse_qs(urlsplit(answer.location).query)["next"][0]
    set_up(admin, submit)
    assert value(admin.get(back).text, "name") == "Elm Lamp"


def test_raised_role_needs_a_factor_from_the_next_request(app: Flask, client_as: ClientAs) -> None:
    client = client_as("editor")
    assert is_in(client)
    with app.app_context():
        change_account(None, the_account("editor"), name="", role=Role.ADMIN)
        db.session.commit()
    assert is_led_to_set_up(client)


def test_session_from_before_the_setting_stays_and_leads_to_setting_up(
    make_app: MakeApp, app: Flask, log_in: LogIn
) -> None:
    before = make_app().test_client()
    log_in(before, "owner")
    assert is_in(before)
    client = app.test_client()
    with before.session_transaction() as session:
        token = session["_user_id"]
    with client.session_transaction() as session:
        session["_user_id"] = token
    assert is_led_to_set_up(client)
    assert client.get(OVERVIEW).status_code == 200


def test_invited_admin_sets_up_a_factor_first(app: Flask, client: FlaskClient, submit: Submit) -> None:
    with app.app_context():
        _, token = an_invitation("ann@example.test", role="admin")
        db.session.commit()
    answer = submit(client, f"/invitation?token={token}", name="Ann", **NEW)
    assert answer.location == "/admin/products/"
    assert is_led_to_set_up(client, answer.location)
    set_up(client, submit)
    assert is_in(client)


def test_first_owner_sets_up_a_factor_first(make_app: MakeApp, submit: Submit) -> None:
    browser = make_app(second_factor="owner").test_client()
    assert submit(browser, "/register", email="ann@example.test", **NEW).status_code == 303
    assert is_led_to_set_up(browser)


def test_registered_user_sets_up_a_factor_first(
    make_app: MakeApp, app: Flask, submit: Submit, box: Mailbox
) -> None:
    mailing = make_app(second_factor="viewer", mail=box.server)
    browser = mailing.test_client()
    submit(browser, "/register", email="ann@example.test")
    send_due(mailing)
    assert submit(browser, box.link("ann@example.test"), **NEW).status_code == 303
    assert is_led_to_set_up(browser)


def test_factor_that_the_role_needs_is_replaced_and_not_removed(
    app: Flask, client_as: ClientAs, submit: Submit
) -> None:
    with app.app_context():
        an_authenticator(the_account("owner"))
        db.session.commit()
    owner = client_as("owner")
    assert is_in(owner)
    question = owner.get(f"{AUTHENTICATOR}/remove").text
    assert NEEDED in question
    assert "Remove app" not in question
    assert submit(owner, f"{AUTHENTICATOR}/remove").location == OVERVIEW
    assert flashes(owner.get(OVERVIEW).text) == [("error", NEEDED)]
    assert Event.FACTOR_REMOVED not in {row.event for row in events(app)}
    assert set_up(owner, submit) == CODES


def test_user_with_a_factor_is_asked_for_it_and_let_in(
    app: Flask, client: FlaskClient, submit: Submit
) -> None:
    with app.app_context():
        seed = an_authenticator(the_account("owner"))
        db.session.commit()
    answer = submit(client, "/login", email=email_of("owner"), password=PASSWORD)
    assert answer.location.startswith(FACTOR)
    assert lets_in(submit(client, FACTOR, one_time_code=code_of(seed)))
    assert is_in(client)


def test_logging_out_is_possible_before_setting_up(client_as: ClientAs, submit: Submit) -> None:
    admin = client_as("admin")
    assert submit(admin, "/logout").location == "/login"
    assert admin.get("/admin/").location.startswith("/login")


def test_setting_is_off_in_development_and_admin_in_production(tmp_path: Path) -> None:
    assert read_settings(tmp_path).second_factor == "none"
    assert Settings.from_environment(in_production(tmp_path)).second_factor == "admin"
    off = in_production(tmp_path, SECOND_FACTOR="none", SECRET_KEY=GOOD_KEY)
    assert Settings.from_environment(off).second_factor == "none"
    [line] = complaints(tmp_path, SECOND_FACTOR="admins")
    assert line.startswith("DASHBOARD_SECOND_FACTOR must be one of")
