"""Security lines 50 to 52: no access by id, no field that is not listed, no secret on a page."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User, UserSession
from dashboard.catalogue.models import Product
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import PRODUCT_FORM
from unit.conftest import ClientAs, Submit
from unit.digest import database_digest
from unit.security.forms import version_in
from unit.surface import addresses, links

IdOf = Callable[[str], int]


@pytest.fixture
def id_of(peopled: Flask) -> IdOf:
    """`id_of(role)` is the id of the account with that role."""

    def id_of(role: str) -> int:
        with peopled.app_context():
            return the_account(role).id

    return id_of


@pytest.mark.security(50)
class TestNoAccessById:
    @pytest.mark.parametrize("screen", ["details", "edit", "delete", "deactivate", "reactivate", "sign-out"])
    def test_admin_opens_no_page_of_an_owner(self, client_as: ClientAs, id_of: IdOf, screen: str) -> None:
        answer = client_as("admin").get(f"/admin/users/{screen}/?id={id_of('owner')}")
        assert answer.status_code == 404
        assert "owner@example.test" not in answer.text

    @pytest.mark.parametrize("screen", ["edit", "delete", "deactivate", "reactivate", "sign-out"])
    def test_admin_changes_no_owner_by_id(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, id_of: IdOf, screen: str
    ) -> None:
        client = client_as("admin")
        before = database_digest(peopled)
        assert submit(client, f"/admin/users/{screen}/", id=id_of("owner")).status_code == 404
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("action", ["deactivate", "reactivate", "delete"])
    def test_admin_changes_no_owner_by_bulk_action(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, id_of: IdOf, action: str
    ) -> None:
        client = client_as("admin")
        before = database_digest(peopled)
        ids = [str(id_of("owner"))]
        question = submit(client, "/admin/users/action/", action=action, rowid=ids)
        assert "owner@example.test" not in question.text
        submit(client, "/admin/users/action/", action=action, rowid=ids, confirm="1")
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("query", ["", "?q=owner", "?role=owner", "?q=owner&role=owner", "?size=100"])
    @pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
    def test_admin_finds_no_owner_in_lists_or_exports(
        self, peopled: Flask, client_as: ClientAs, path: str, query: str
    ) -> None:
        answer = client_as("admin").get(path + query)
        assert answer.status_code == 200
        assert "owner@example.test" not in answer.text

    def test_admin_sees_no_owner_on_home_or_beside_a_record(
        self, peopled: Flask, client_as: ClientAs, id_of: IdOf
    ) -> None:
        client = client_as("admin")
        assert "owner@example.test" not in client.get("/admin/").text
        details = client.get(f"/admin/users/details/?id={id_of('admin')}").text
        assert f"id={id_of('owner')}" not in details

    @pytest.mark.parametrize("role", ["viewer", "editor"])
    @pytest.mark.parametrize("screen", ["", "details/", "edit/", "delete/", "deactivate/", "export/csv/"])
    def test_viewers_and_editors_open_no_account_page(
        self, client_as: ClientAs, id_of: IdOf, role: str, screen: str
    ) -> None:
        answer = client_as(role).get(f"/admin/users/{screen}?id={id_of('viewer')}")
        assert answer.status_code == 403

    def test_form_of_one_record_is_refused_for_another(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, id_of: IdOf
    ) -> None:
        client = client_as("owner")
        version = version_in(client, f"/admin/users/edit/?id={id_of('viewer')}")
        before = database_digest(peopled)
        address = f"/admin/users/edit/?id={id_of('editor')}"
        assert (
            submit(client, address, name="Kim", role="admin", **{"dashboard-version": version}).status_code
            == 400
        )
        assert database_digest(peopled) == before


EXTRA = {
    "password_hash": "$argon2id$v=19$m=8,t=1,p=1$AAAA$AAAA",
    "role": "owner",
    "id": "4711",
    "user_id": "4711",
    "version_id": "99",
    "active": "0",
    "is_active": "0",
    "created_at": "2001-01-01",
    "updated_at": "2001-01-01",
    "last_seen_at": "2001-01-01",
    "token": "x",
    "token_hash": "x",
    "is_authenticated": "1",
    "sessions-0-token_hash": "x",
}


@pytest.mark.security(51)
class TestOnlyListedFields:
    def test_registration_takes_only_email_and_password(
        self, peopled: Flask, client: FlaskClient, submit: Submit
    ) -> None:
        fields = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}
        submit(client, "/register", **fields, **EXTRA, version="7", name="Kim")
        with peopled.app_context():
            kim = the_account("kim@example.test")
            assert (kim.role, kim.active, kim.version, kim.name, kim.id) == ("viewer", True, 1, "", 5)
            assert kim.created_at.year > 2001
            assert kim.password_hash != EXTRA["password_hash"]

    def test_profile_takes_only_name_and_mode(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        with peopled.app_context():
            old = the_account("viewer").password_hash
        submit(client, "/profile", name="Kim", mode="dark", email="new@example.test", version="7", **EXTRA)
        with peopled.app_context():
            kim = the_account("viewer@example.test")
            assert (kim.name, kim.role, kim.active, kim.password_hash) == ("Kim", "viewer", True, old)
            assert (kim.version, kim.created_at.year > 2001) == (2, True)

    def test_user_form_takes_only_name_and_role(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, id_of: IdOf
    ) -> None:
        client, key = client_as("owner"), id_of("viewer")
        version = version_in(client, f"/admin/users/edit/?id={key}")
        extra = {**EXTRA, "role": "editor", "email": "new@example.test", "password": NEW_PASSWORD}
        extra.pop("id")
        answer = submit(
            client, f"/admin/users/edit/?id={key}", name="Kim", **{"dashboard-version": version}, **extra
        )
        assert is_redirect(answer)
        with peopled.app_context():
            kim = db.session.get_one(User, key)
            assert (kim.email, kim.name, kim.role, kim.active) == (
                "viewer@example.test",
                "Kim",
                "editor",
                True,
            )
            assert kim.password_hash != EXTRA["password_hash"]
            assert (kim.version, kim.created_at.year > 2001) == (2, True)

    def test_product_form_ignores_id_version_and_times(
        self, peopled: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("editor")
        fields = {"name": "Kite", "sku": "K-1", **PRODUCT_FORM}
        answer = submit(client, "/admin/products/new/", **fields, **EXTRA, version="7")
        assert is_redirect(answer)
        with peopled.app_context():
            kite = db.session.scalars(select(Product).where(Product.sku == "K-1")).one()
            assert (kite.id, kite.version, kite.created_at.year > 2001) == (3, 1, True)

    @pytest.mark.parametrize("version", ["", "1", "forged", None])
    def test_version_without_our_signature_is_refused(
        self, peopled: Flask, client_as: ClientAs, submit: Submit, id_of: IdOf, version: str | None
    ) -> None:
        client = client_as("owner")
        before = database_digest(peopled)
        fields = {"name": "Kim", "role": "editor"} | (
            {} if version is None else {"dashboard-version": version}
        )
        assert submit(client, f"/admin/users/edit/?id={id_of('viewer')}", **fields).status_code == 400
        assert database_digest(peopled) == before


@pytest.mark.security(52)
class TestNoSecretOnAPage:
    def secrets_of(self, app: Flask) -> list[str]:
        with app.app_context():
            hashes = list(db.session.scalars(select(User.password_hash)))
            return [*hashes, *db.session.scalars(select(UserSession.token_hash)), "$argon2"]

    def test_no_page_or_file_shows_a_hash_or_token(self, peopled: Flask, client_as: ClientAs) -> None:
        for role in ("viewer", "editor", "admin"):
            client_as(role)
        client = client_as("owner")
        with client.session_transaction() as session:
            token = session["_user_id"]
        found = set(addresses(peopled, "GET"))
        found |= {link for address in found for link in links(client.get(address).text)}  # some are files
        secrets = [token, *self.secrets_of(peopled)]
        for address in found:
            text = client.get(address).data.decode(errors="replace")
            assert not [secret for secret in secrets if secret in text], address

    @pytest.mark.parametrize("path", ["/admin/users/", "/admin/users/export/csv/"])
    @pytest.mark.parametrize(
        "query",
        [
            "sort=password_hash",
            "sort=-password_hash",
            "sort=token_hash",
            "password_hash={hash}",
            "password_hash_min=$",
            "flt1_0={hash}",
            "flt0_password_hash_equals={hash}",
            "token_hash=x",
        ],
    )
    def test_no_list_sorts_or_filters_by_a_secret(
        self, peopled: Flask, client_as: ClientAs, path: str, query: str
    ) -> None:
        client = client_as("owner")
        (secret, *_) = self.secrets_of(peopled)
        asked = client.get(path, query_string=query.replace("{hash}", secret.replace("+", "%2B")))
        assert asked.status_code == 200
        for role in ("viewer", "editor", "admin", "owner"):
            assert f"{role}@example.test" in asked.text
        assert emails_in_order(asked.text) == emails_in_order(client.get(path).text)

    def test_search_does_not_look_into_secrets(self, peopled: Flask, client_as: ClientAs) -> None:
        client = client_as("owner")
        for secret in (*self.secrets_of(peopled), "argon2id"):
            text = client.get("/admin/users/export/csv/", query_string={"q": secret[:100]}).text
            assert emails_in_order(text) == []

    def test_no_form_has_a_field_for_a_secret(self, peopled: Flask, client_as: ClientAs, id_of: IdOf) -> None:
        for path in ("/admin/users/new/", f"/admin/users/edit/?id={id_of('viewer')}", "/profile"):
            text = client_as("owner").get(path).text
            assert "password_hash" not in text
            assert "token_hash" not in text

    def test_no_form_shows_a_typed_password_again(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("owner")
        tried = {"password": "copper violin", "confirm": "copper violins", "current": "old guess"}
        for path in ("/profile/password",):
            text = submit(client, path, **tried).text
            assert not [value for value in tried.values() if f'value="{value}"' in text]

    def test_export_of_users_has_exactly_these_columns(self, client_as: ClientAs) -> None:
        header = client_as("owner").get("/admin/users/export/csv/").text.splitlines()[0]
        assert header == "email,name,role,active,last_seen_at,created_at"


def emails_in_order(text: str) -> list[str]:
    """Return the emails in a list or a file, in the order in which they first appear."""
    words = text.replace(",", " ").replace("<", " ").replace(">", " ").split()
    return list(dict.fromkeys(word for word in words if word.endswith("@example.test")))
