"""Line 57: what needs a fresh proof of who the user is, over all routes of the console.

Without one a request changes nothing and leads to the page that asks for it. `NEEDS_PROOF` names the routes.
Any other route of the named kinds fails these tests.
"""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.accounts.managing import change_account, delete_accounts
from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.proof import FRESH_FOR
from dashboard.extensions import db
from dashboard.history.models import Change, ChangeSet
from dashboard.history.recording import describe
from dashboard.permissions import Role
from dashboard.testing.accounts import PASSWORD, a_session, an_account, the_account
from dashboard.testing.catalogue import in_trash
from dashboard.testing.second_factors import an_authenticator
from unit.accounts.proving import asks_for_proof
from unit.conftest import ClientAs, Csrf, MakeApp, SetClock
from unit.digest import database_digest
from unit.mailing import NOWHERE

pytestmark = [pytest.mark.both_databases, pytest.mark.security(57)]

USERS = "/admin/users/"
READS = ("GET", "HEAD", "OPTIONS")
BULK = {"rowid": "{user}", "confirm": "1", "number": "1"}
NEEDS_PROOF: dict[str, tuple[str, dict[str, str]]] = {
    "invite": (f"{USERS}new/", {"email": "kim@example.test", "name": "Kim", "role": "admin"}),
    "change a role": (f"{USERS}edit/?id={{user}}", {"name": "Kim", "role": "admin"}),
    "delete": (f"{USERS}delete/?id={{user}}", {"id": "{user}", "seen": "99"}),
    "deactivate": (f"{USERS}deactivate/?id={{user}}", {"id": "{user}", "seen": "99"}),
    "reactivate": (f"{USERS}reactivate/?id={{inactive}}", {"id": "{inactive}", "seen": "99"}),
    "log out everywhere": (f"{USERS}sign-out/?id={{user}}", {"id": "{user}", "seen": "99"}),
    "create a link": (f"{USERS}new-link/?id={{user}}", {"id": "{user}"}),
    "reset second factors": (f"{USERS}reset-factors/?id={{user}}", {"id": "{user}", "seen": "99"}),
    "set up an app": ("/profile/authenticator", {"one_time_code": "1", "sealed_seed": ""}),
    "remove an app": ("/profile/authenticator/remove", {}),
    "recovery codes": ("/profile/recovery-codes", {}),
    "send a link": (f"{USERS}send-link/?id={{user}}", {"id": "{user}"}),
    "another email": ("/profile/email", {"email": "kim@example.test"}),
    "delete many": (f"{USERS}action/", {**BULK, "action": "delete"}),
    "deactivate many": (f"{USERS}action/", {**BULK, "action": "deactivate"}),
    "reactivate many": (f"{USERS}action/", {**BULK, "action": "reactivate", "rowid": "{inactive}"}),
    "delete all": (f"{USERS}action/", {"action": "delete", "confirm": "1", "matching": "", "number": "3"}),
    "set back": (f"{USERS}set-back/?id={{user}}", {"change": "{line}", "field": "name"}),
    "export as a job": (f"{USERS}export/", {"format": "csv", "column": "email"}),
    "erase": (f"{USERS}erase/?id={{gone}}", {"id": "{gone}", "typed": "gone@example.test"}),
    "purge": ("/admin/trash/purge/?id={trashed}", {"id": "{trashed}", "typed": "Oak Lamp"}),
    "undo": ("/admin/revert/undo/", {"id": "{change}"}),
    "revert": ("/admin/revert/", {"set": "{change}"}),
}
"""The requests that need a proof: an address, and the fields of the form that is sent to it."""
ROUTES = {address.partition("?")[0] for address, _ in NEEDS_PROOF.values()}
NO_RECORD = {f"{USERS}editing/", *(f"{USERS}views/{view}/" for view in ("new", "edit", "update", "delete"))}
"""Routes of the users screen that change no account."""
NO_PEOPLE = {f"/admin/{kind}/export/{way}" for kind in ("products", "categories") for way in ("", "csv/")}


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """A console that sends mail, so that it has every route."""
    return make_app(mail=NOWHERE)


@pytest.fixture
def stored(app: Flask) -> dict[str, int]:
    """The ids of the records that the routes are about."""
    with app.app_context():
        owner, user, gone = the_account("owner"), an_account(), an_account(email="gone@example.test")
        found = {"user": user.id, "gone": gone.id, "inactive": an_account(active=False).id}
        found["trashed"] = in_trash(name="Oak Lamp").id
        a_session(user)
        an_authenticator(user)
        an_authenticator(owner)
        delete_accounts(owner, [gone])
        db.session.commit()
        describe(db.session, author_id=owner.id)
        change_account(owner, user, name="Kim", role=Role.EDITOR)
        db.session.commit()
        found["change"] = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first() or 0
        found["line"] = db.session.scalars(select(Change.id).order_by(Change.id.desc())).first() or 0
        return found


def send(client: FlaskClient, csrf: Csrf, what: str, stored: dict[str, int], **more: str) -> TestResponse:
    """Send the form of `NEEDS_PROOF` with this name, as its page does."""
    address, fields = NEEDS_PROOF[what]
    data = {name: text.format(**stored) for name, text in fields.items()}
    return client.post(address.format(**stored), data={"csrf_token": csrf(client), **data, **more})


@pytest.fixture
def owner(client_as: ClientAs) -> FlaskClient:
    """A browser of an owner who has just logged in."""
    return client_as("owner")


@pytest.mark.parametrize("what", NEEDS_PROOF)
def test_nothing_is_changed_without_a_fresh_proof(
    app: Flask, owner: FlaskClient, csrf: Csrf, set_clock: SetClock, stored: dict[str, int], what: str
) -> None:
    csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app, but=("form_drafts",))
    answer = send(owner, csrf, what, stored)
    assert asks_for_proof(answer), answer.status
    assert database_digest(app, but=("form_drafts",)) == before


@pytest.mark.parametrize("what", NEEDS_PROOF)
def test_a_fresh_proof_is_enough(
    app: Flask, owner: FlaskClient, csrf: Csrf, stored: dict[str, int], what: str
) -> None:
    answer = send(owner, csrf, what, stored)
    assert not asks_for_proof(answer)
    assert answer.status_code in (200, 303, 400, 409)


def test_export_of_users_needs_a_proof_and_is_not_recorded_without_one(
    app: Flask, owner: FlaskClient, csrf: Csrf, set_clock: SetClock, stored: dict[str, int]
) -> None:
    set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app)
    answer = owner.get(f"{USERS}export/csv/?role=viewer")
    assert asks_for_proof(answer)
    assert database_digest(app) == before
    assert owner.get("/admin/products/export/csv/").status_code == 200


def test_every_route_that_changes_accounts_needs_a_proof(app: Flask) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if set(rule.methods or ()) - set(READS)]
    of_users = {rule.rule for rule in rules if rule.rule.startswith(USERS)}
    assert of_users == {route for route in ROUTES if route.startswith(USERS)} | NO_RECORD
    purging = {rule.rule for rule in rules if rule.rule.endswith(("/purge/", "/erase/"))}
    reverting = {rule.rule for rule in rules if rule.rule.startswith("/admin/revert/")}
    assert purging | reverting <= ROUTES
    exports = {rule.rule for rule in app.url_map.iter_rules() if "/export/" in rule.rule}
    assert exports == NO_PEOPLE | {f"{USERS}export/", f"{USERS}export/csv/"}


@pytest.mark.parametrize("route", sorted(NO_RECORD))
def test_routes_that_change_no_account_ask_for_no_proof(
    owner: FlaskClient, csrf: Csrf, set_clock: SetClock, stored: dict[str, int], route: str
) -> None:
    csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    answer = owner.post(route, data={"csrf_token": csrf(owner), "id": str(stored["user"])})
    assert not asks_for_proof(answer)


def test_undoing_the_change_of_a_product_needs_no_proof(
    app: Flask, owner: FlaskClient, csrf: Csrf, set_clock: SetClock
) -> None:
    with app.app_context():
        in_trash(name="Ash Stool")
        db.session.commit()
        key = db.session.scalars(select(ChangeSet.id).order_by(ChangeSet.id.desc())).first()
    csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    answer = owner.post("/admin/revert/", data={"csrf_token": csrf(owner), "set": str(key)})
    assert not asks_for_proof(answer)


def test_script_without_a_proof_is_told_in_json_and_nothing_is_stored(
    app: Flask, owner: FlaskClient, csrf: Csrf, set_clock: SetClock, stored: dict[str, int]
) -> None:
    token = csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app)
    headers = {"Sec-Fetch-Mode": "cors", "Sec-Fetch-Site": "same-origin", "X-CSRFToken": token}
    answer = owner.post(f"{USERS}new/", data={"name": "Kim"}, headers=headers)
    assert (answer.status_code, answer.is_json) == (401, True)
    assert answer.json["confirm"] == "/login/confirm?next=/admin/users/new/"
    assert database_digest(app) == before


def test_password_form_of_the_profile_asks_for_the_password_itself(
    app: Flask, owner: FlaskClient, csrf: Csrf, set_clock: SetClock
) -> None:
    csrf(owner)
    set_clock(FRESH_FOR + timedelta(seconds=1))
    before = database_digest(app)
    data = {
        "csrf_token": csrf(owner),
        "current": "wrong",
        "password": PASSWORD + "!",
        "confirm": PASSWORD + "!",
    }
    assert "The current password is incorrect." in owner.post("/profile/password", data=data).text
    assert database_digest(app) == before
    assert User.__tablename__ == "users"
