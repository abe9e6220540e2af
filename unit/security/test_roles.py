"""Security lines 54 to 56: roles change at once, nobody raises their own, one owner always stays."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.testing.accounts import an_account, email_of, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest
from unit.security.forms import version_in

ChangeRole = Callable[[FlaskClient, str, str], TestResponse]


@pytest.fixture
def change_role(peopled: Flask, submit: Submit) -> ChangeRole:
    """`change_role(client, email, role)` sends the form that changes a user's role."""

    def change_role(client: FlaskClient, email: str, role: str) -> TestResponse:
        address = f"/admin/users/edit/?id={key_of(peopled, email)}"
        version = version_in(client, address) or "none"
        return submit(client, address, name="", role=role, **{"dashboard-version": version})

    return change_role


def key_of(app: Flask, email: str) -> int:
    """Return the id of an account."""
    with app.app_context():
        return the_account(email).id


def set_role(app: Flask, email: str, role: str) -> None:
    """Change the role of an account directly in the database."""
    with app.app_context():
        the_account(email).role = Role(role)
        db.session.commit()


def active_owners(app: Flask) -> list[str]:
    """Return the emails of all active owners, sorted."""
    with app.app_context():
        owners = select(User.email).where(User.role == Role.OWNER, User.active.is_(True))
        return sorted(db.session.scalars(owners))


@pytest.mark.security(54)
class TestARoleChangeWorksAtOnce:
    @pytest.mark.parametrize(
        ("before", "after", "path", "statuses"),
        [
            ("viewer", "editor", "/admin/products/new/", (403, 200)),
            ("editor", "viewer", "/admin/products/new/", (200, 403)),
            ("admin", "viewer", "/admin/users/", (200, 403)),
            ("viewer", "admin", "/admin/users/", (403, 200)),
        ],
    )
    def test_role_change_counts_from_the_next_request(
        self, app: Flask, client_as: ClientAs, before: str, after: str, path: str, statuses: tuple[int, int]
    ) -> None:
        client = client_as(before)
        first = client.get(path).status_code
        set_role(app, email_of(before), after)
        assert (first, client.get(path).status_code) == statuses

    def test_open_form_is_refused_after_a_role_is_lost(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("editor")
        assert client.get("/admin/products/delete/?id=1").status_code == 200
        set_role(peopled, "editor@example.test", "viewer")
        before = database_digest(peopled)
        assert submit(client, "/admin/products/delete/", id="1").status_code == 403
        assert database_digest(peopled) == before

    def test_navigation_follows_a_role_change(self, app: Flask, client_as: ClientAs) -> None:
        client = client_as("viewer")
        assert 'href="/admin/users/"' not in client.get("/admin/").text
        set_role(app, "viewer@example.test", "admin")
        assert 'href="/admin/users/"' in client.get("/admin/").text


@pytest.mark.security(55)
class TestNobodyRisesByThemselves:
    @pytest.mark.parametrize("role", Role)
    @pytest.mark.parametrize("actor", ["admin", "owner"])
    def test_nobody_edits_their_own_role(
        self, peopled: Flask, client_as: ClientAs, change_role: ChangeRole, actor: str, role: str
    ) -> None:
        client = client_as(actor)
        before = database_digest(peopled)
        assert change_role(client, email_of(actor), role).status_code == 403
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("role", ["viewer", "editor"])
    def test_role_change_needs_the_permission(
        self, peopled: Flask, client_as: ClientAs, change_role: ChangeRole, role: str
    ) -> None:
        client = client_as(role)
        before = database_digest(peopled)
        assert change_role(client, "viewer@example.test", "owner").status_code == 403
        assert database_digest(peopled) == before

    def test_admin_cannot_promote_to_owner(
        self, peopled: Flask, client_as: ClientAs, change_role: ChangeRole
    ) -> None:
        client = client_as("admin")
        before = database_digest(peopled)
        assert change_role(client, "viewer@example.test", "owner").status_code == 200
        assert database_digest(peopled) == before

    def test_admin_cannot_create_an_owner(self, peopled: Flask, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("admin")
        before = database_digest(peopled)
        answer = submit(client, "/admin/users/new/", email="kim@example.test", role="owner", name="")
        assert answer.status_code == 200
        assert database_digest(peopled) == before

    def test_form_of_an_admin_does_not_offer_owner(self, peopled: Flask, client_as: ClientAs) -> None:
        assert 'value="owner"' not in client_as("admin").get("/admin/users/new/").text
        assert 'value="owner"' in client_as("owner").get("/admin/users/new/").text

    @pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
    def test_admin_gives_roles_up_to_their_own(
        self, peopled: Flask, client_as: ClientAs, change_role: ChangeRole, role: str
    ) -> None:
        assert is_redirect(change_role(client_as("admin"), "editor@example.test", role))
        with peopled.app_context():
            assert the_account("editor@example.test").role == role

    def test_demoted_admin_cannot_promote_by_an_open_form(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("admin")
        address = f"/admin/users/edit/?id={key_of(peopled, 'viewer@example.test')}"
        version = version_in(client, address)
        set_role(peopled, "admin@example.test", "viewer")
        before = database_digest(peopled)
        assert (
            submit(client, address, name="", role="admin", **{"dashboard-version": version}).status_code
            == 403
        )
        assert database_digest(peopled) == before


@pytest.mark.security(56)
class TestTheLastOwner:
    @pytest.mark.parametrize("path", ["deactivate", "delete"])
    def test_last_owner_cannot_deactivate_or_delete_themselves(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, path: str
    ) -> None:
        key = key_of(peopled, "owner@example.test")
        assert submit(client_as("owner"), f"/admin/users/{path}/", id=key).status_code == 403
        assert active_owners(peopled) == ["owner@example.test"]

    @pytest.mark.parametrize("action", ["deactivate", "delete"])
    def test_bulk_action_on_everyone_keeps_the_last_owner(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, action: str
    ) -> None:
        client = client_as("owner")
        before = database_digest(peopled)
        everyone = [str(key) for key in range(1, 10)]
        answer = submit(client, "/admin/users/action/", action=action, rowid=everyone, confirm="1")
        assert is_redirect(answer)
        assert "your own account" in client.get("/admin/users/").text
        assert database_digest(peopled) == before

    @pytest.mark.parametrize(
        "way", ["demotion", "deactivation", "deletion", "bulk deactivation", "bulk deletion"]
    )
    def test_deactivated_owner_cannot_remove_the_last_active_one(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, change_role: ChangeRole, way: str
    ) -> None:
        """Two owners; the acting one is deactivated after opening the page and before sending the form."""
        client = client_as("owner")
        with peopled.app_context():
            an_account("owner", email="second@example.test")
            the_account("owner@example.test").active = False
            db.session.commit()
        remove(way, peopled, client, submit, change_role, "second@example.test")
        assert active_owners(peopled) == ["second@example.test"]

    @pytest.mark.parametrize("way", ["demotion", "deactivation", "deletion", "bulk deletion"])
    def test_owners_who_remove_each_other_at_once_leave_one(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, change_role: ChangeRole, way: str
    ) -> None:
        with peopled.app_context():
            an_account("owner", email="second@example.test")
            db.session.commit()
        emails = ["owner@example.test", "second@example.test"]
        clients = [client_as(email) for email in emails]
        together = Barrier(2)

        def race(mine: int) -> int:
            waiting = waiting_submit(submit, together)
            role = waiting_change_role(waiting, peopled)
            return remove(way, peopled, clients[mine], waiting, role, emails[1 - mine]).status_code

        with ThreadPoolExecutor(2) as pool:
            statuses = [*pool.map(race, range(2))]
        assert len(active_owners(peopled)) == 1
        statuses.remove(303)  # one succeeded
        # The other: refused in the form, redirected to log in, forbidden, not found, or a conflict.
        assert statuses[0] in (200, 303, 403, 404, 409)

    def test_one_of_two_owners_can_be_demoted(
        self, peopled: Flask, client_as: ClientAs, change_role: ChangeRole
    ) -> None:
        with peopled.app_context():
            an_account("owner", email="second@example.test")
            db.session.commit()
        assert is_redirect(change_role(client_as("owner"), "second@example.test", "admin"))
        assert active_owners(peopled) == ["owner@example.test"]


def waiting_submit(submit: Submit, together: Barrier) -> Submit:
    """Return a `submit` that waits until everyone is about to send."""

    def waiting(client: FlaskClient, path: str, **fields: object) -> TestResponse:
        together.wait(timeout=30)
        return submit(client, path, **fields)

    return waiting


def waiting_change_role(submit: Submit, app: Flask) -> ChangeRole:
    """Return a `change_role` that opens the form first, and sends it by such a `submit`."""

    def change_role(client: FlaskClient, email: str, role: str) -> TestResponse:
        address = f"/admin/users/edit/?id={key_of(app, email)}"
        return submit(
            client, address, name="", role=role, **{"dashboard-version": version_in(client, address)}
        )

    return change_role


def remove(
    way: str, app: Flask, client: FlaskClient, submit: Submit, change_role: ChangeRole, email: str
) -> TestResponse:
    """Demote, deactivate or delete an owner."""
    if way == "demotion":
        return change_role(client, email, "viewer")
    key = key_of(app, email)
    if way.startswith("bulk"):
        action = "delete" if way == "bulk deletion" else "deactivate"
        return submit(client, "/admin/users/action/", action=action, rowid=[str(key)], confirm="1")
    path = "/admin/users/delete/" if way == "deletion" else "/admin/users/deactivate/"
    return submit(client, path, id=str(key))
