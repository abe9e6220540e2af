"""Security lines 39 to 41: nothing changes without a token, by reading, or from another site."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

import dashboard
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.history.models import ChangeKind, ChangeSet
from dashboard.testing.accounts import PASSWORD, a_session, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, Csrf, Submit
from unit.consoles import SECRET_KEY
from unit.digest import HISTORY, database_digest
from unit.security.conftest import ROLES
from unit.surface import addresses, changing_routes, links

# Tests are parametrised by the routes, so these are collected without a database.
ROUTES = changing_routes(
    create_app(
        Settings(
            secret_key=SECRET_KEY,
            database_url="sqlite:////nowhere/dashboard.sqlite3",
            instance=Path("nowhere"),
        )
    )
)
EXPORT = "/export/csv/"  # recorded in the history: unit/admin/test_export_history.py
FIELDS = {
    "id": "1", "rowid": "1", "action": "delete", "confirm": "1", "name": "Forged", "mode": "dark",
    "email": "forged@example.test", "password": PASSWORD, "current": PASSWORD, "role": "owner", "sku": "F-1",
    "price": "1.00", "currency": "EUR", "stock": "1", "status": "active", "category": "", "description": "",
}  # fmt: skip


@pytest.fixture
def owner(peopled: Flask, client_as: ClientAs) -> FlaskClient:
    """Return a browser of the owner, in a console with a session of every user."""
    with peopled.app_context():
        for role in ROLES:
            a_session(the_account(role))
        db.session.commit()
    return client_as("owner")


def test_there_are_routes_to_forge() -> None:
    assert len(ROUTES) > 20
    assert {method for method, _ in ROUTES} == {"POST"}


@pytest.mark.security(39)
class TestNoTokenNoChange:
    @pytest.mark.parametrize(("method", "address"), ROUTES)
    def test_post_without_a_token_is_400_and_changes_nothing(
        self, peopled: Flask, owner: FlaskClient, method: str, address: str
    ) -> None:
        before = database_digest(peopled)
        assert owner.open(address, method=method, data=FIELDS).status_code == 400
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("token", ["", "forged", "ImZvcmdlZCI.awN3Lw.Ip9MIuUgiS3B_Vv7biPj5biCxdA", "é"])
    def test_forged_token_changes_nothing(
        self, peopled: Flask, owner: FlaskClient, csrf: Csrf, token: str
    ) -> None:
        csrf(owner)
        before = database_digest(peopled)
        answer = owner.post("/admin/products/delete/?id=1", data={"csrf_token": token})
        assert answer.status_code == 400
        assert database_digest(peopled) == before

    def test_token_of_another_browser_changes_nothing(
        self, peopled: Flask, owner: FlaskClient, csrf: Csrf
    ) -> None:
        csrf(owner)  # so that this browser has its own
        before = database_digest(peopled)
        token = csrf(peopled.test_client())
        answer = owner.post("/admin/products/delete/?id=1", data={"csrf_token": token})
        assert answer.status_code == 400
        assert database_digest(peopled) == before

    def test_same_post_with_a_valid_token_is_carried_out(
        self, peopled: Flask, owner: FlaskClient, csrf: Csrf
    ) -> None:
        before = database_digest(peopled)
        owner.post("/admin/products/delete/?id=1", data={"csrf_token": csrf(owner)})
        assert database_digest(peopled) != before

    @pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/octet-stream", "x"])
    def test_other_content_types_do_not_bypass_the_token(
        self, peopled: Flask, owner: FlaskClient, kind: str
    ) -> None:
        before = database_digest(peopled)
        answer = owner.post("/admin/products/delete/?id=1", data='{"id": 1}', content_type=kind)
        assert answer.status_code == 400
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("override", [{"_method": "POST"}, {"X-HTTP-Method-Override": "DELETE"}])
    def test_get_cannot_override_its_method(
        self, peopled: Flask, owner: FlaskClient, override: dict[str, str]
    ) -> None:
        before = database_digest(peopled)
        owner.get("/admin/products/delete/", headers=override, query_string={"id": 1, **override})
        assert database_digest(peopled) == before


@pytest.mark.security(40)
class TestReadingChangesNothing:
    def test_crawl_of_every_page_changes_nothing(self, peopled: Flask, owner: FlaskClient) -> None:
        before = database_digest(peopled, but=HISTORY)
        found = set(addresses(peopled, "GET"))
        linked = {link for address in found for link in links(owner.get(address).text)} - found
        for address in linked:
            assert owner.get(address).status_code < 500, address
        assert len(linked) > 50
        assert database_digest(peopled, but=HISTORY) == before
        with peopled.app_context():  # the crawl is recorded for its exports only
            kinds = set(db.session.scalars(select(ChangeSet.kind).where(ChangeSet.author_id.is_not(None))))
        assert kinds == {ChangeKind.EXPORT}

    @pytest.mark.parametrize("address", sorted({address.partition("?")[0] for _, address in ROUTES}))
    def test_get_with_form_fields_changes_nothing(
        self, peopled: Flask, owner: FlaskClient, csrf: Csrf, address: str
    ) -> None:
        but = HISTORY if address.endswith(EXPORT) else ()
        before = database_digest(peopled, but=but)
        query = {**FIELDS, "csrf_token": csrf(owner)}
        for method in ("GET", "HEAD", "OPTIONS"):
            assert owner.open(address, method=method, query_string=query).status_code < 500
        assert database_digest(peopled, but=but) == before

    def test_only_pages_that_write_nothing_tell_get_from_other_methods(self) -> None:
        """A page that writes unless it is read with GET also writes when it is read with HEAD."""
        files = Path(dashboard.__file__).parent.rglob("*.py")
        found = {file.name for file in files if 'request.method == "GET"' in file.read_text()}
        assert found == {"export.py", "trash.py", "flashes.py"}


@pytest.mark.security(41)
class TestOtherSites:
    @pytest.mark.parametrize(("method", "address"), ROUTES)
    def test_cross_site_post_is_refused_despite_a_valid_token(
        self, peopled: Flask, owner: FlaskClient, csrf: Csrf, method: str, address: str
    ) -> None:
        before = database_digest(peopled)
        fields = {**FIELDS, "csrf_token": csrf(owner)}
        headers = {"Sec-Fetch-Site": "cross-site"}
        assert owner.open(address, method=method, data=fields, headers=headers).status_code == 403
        assert database_digest(peopled) == before

    @pytest.mark.parametrize("site", ["cross-site", "same-site", "Cross-Site", "", "same-origin, cross-site"])
    def test_other_values_of_sec_fetch_site_are_refused(
        self, owner: FlaskClient, csrf: Csrf, site: str
    ) -> None:
        answer = owner.post("/mode", data={"csrf_token": csrf(owner)}, headers={"Sec-Fetch-Site": site})
        assert answer.status_code == 403

    @pytest.mark.parametrize("site", ["same-origin", "none"])
    def test_same_origin_and_typed_addresses_are_accepted(
        self, owner: FlaskClient, csrf: Csrf, site: str
    ) -> None:
        answer = owner.post("/mode", data={"csrf_token": csrf(owner)}, headers={"Sec-Fetch-Site": site})
        assert is_redirect(answer)

    @pytest.mark.parametrize(
        "origin",
        [
            "https://evil.example",
            "http://localhost.evil.example",
            "http://localhost:8001",
            "http://evil.localhost",
            "http://localhost@evil.example",
            "null",
            "file://",
            "localhost",
            "http://[",
            "http://[::1",
            "é",
        ],
    )
    def test_foreign_origin_is_refused(self, owner: FlaskClient, csrf: Csrf, origin: str) -> None:
        answer = owner.post("/mode", data={"csrf_token": csrf(owner)}, headers={"Origin": origin})
        assert answer.status_code == 403
        assert "came from another site" in answer.text

    def test_own_origin_is_accepted(self, owner: FlaskClient, csrf: Csrf) -> None:
        headers = {"Origin": "http://localhost"}
        assert is_redirect(owner.post("/mode", data={"csrf_token": csrf(owner)}, headers=headers))

    @pytest.mark.parametrize(
        "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Origin": "https://evil.example"}]
    )
    def test_link_from_another_site_opens_a_page(self, owner: FlaskClient, headers: dict[str, str]) -> None:
        assert owner.get("/admin/products/", headers=headers).status_code == 200

    def test_cross_site_login_is_refused(
        self, peopled: Flask, client: FlaskClient, submit: Submit, csrf: Csrf
    ) -> None:
        fields = {"email": "viewer@example.test", "password": PASSWORD, "csrf_token": csrf(client)}
        answer = client.post("/login", data=fields, headers={"Sec-Fetch-Site": "cross-site"})
        assert answer.status_code == 403

    def test_production_accepts_a_form_of_its_own_origin(self, make_production: Callable[..., Flask]) -> None:
        client = make_production().test_client()
        token = client.get("/login").text.partition('name="csrf_token" value="')[2].partition('"')[0]
        headers = {"Origin": "https://console.example.org", "Sec-Fetch-Site": "same-origin"}
        answer = client.post("/mode", data={"csrf_token": token, "mode": "dark"}, headers=headers)
        assert is_redirect(answer)
