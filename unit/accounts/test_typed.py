"""A form with an invalid CSRF token is shown again with the text typed into it."""

from io import BytesIO

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import FileField, PasswordField

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, email_of, the_account
from dashboard.testing.answers import is_redirect
from dashboard.web import forms
from unit.accounts.drafting import NEW, TYPED, each_form, expect_typed, of
from unit.admin.reading import value
from unit.conftest import ClientAs, Csrf, Submit
from unit.digest import database_digest

INVALID = "This form is no longer valid"


class TestAnInvalidToken:
    @pytest.mark.parametrize("path", ["/login", "/register"])
    @pytest.mark.parametrize("token", ["", "stale"])
    def test_shows_a_logged_out_user_the_form_without_the_password(
        self, app: Flask, client: FlaskClient, path: str, token: str
    ) -> None:
        fields = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}
        with app.app_context():
            the_account("owner")
            db.session.commit()
        before = database_digest(app)
        answer = client.post(f"{path}?next=/profile", data={"csrf_token": token, **fields})
        assert answer.status_code == 400
        assert value(answer.text, "email") == "kim@example.test"
        assert INVALID in answer.text
        assert "Type the password again." in answer.text
        assert PASSWORD not in answer.text
        assert database_digest(app) == before

    def test_restored_login_pages_can_each_be_sent_again(self, app: Flask, client: FlaskClient) -> None:
        with app.app_context():
            the_account("viewer")
            db.session.commit()
        pages = [app.test_client().get("/login").text for _ in range(2)]  # each with a token of its own
        client.get("/login")
        fields = {"email": email_of("viewer"), "password": PASSWORD}
        again = client.post("/login", data={"csrf_token": value(pages[0], "csrf_token"), **fields})
        assert again.status_code == 400
        token = value(again.text, "csrf_token")
        assert is_redirect(client.post("/login", data={"csrf_token": token, **fields}))

    @pytest.mark.parametrize("path", ["/login", "/register"])
    @pytest.mark.parametrize(
        ("query", "goes_to"),
        [("", "/admin/products/"), ("?next=/profile", "/profile"), ("?next=//x.invalid", "/admin/products/")],
    )
    def test_of_a_logged_in_users_login_form_leads_to_next(
        self, client_as: ClientAs, path: str, query: str, goes_to: str
    ) -> None:
        viewer = client_as("viewer")
        answer = viewer.post(path + query, data={"csrf_token": "stale", "email": "a@example.test"})
        assert (answer.status_code, answer.location) == (303, goes_to)
        assert "You are already logged in." in viewer.get(goes_to).text

    @each_form
    def test_shows_the_form_again_with_the_typed_text(
        self, app: Flask, client_as: ClientAs, csrf: Csrf, stored: dict[str, int], form: str
    ) -> None:
        owner = client_as("owner")
        address, typed = of(form, stored)
        csrf(owner)
        before = database_digest(app)
        answer = owner.post(address, data={**typed, "csrf_token": "stale", "password": PASSWORD})
        assert answer.status_code == 400
        expect_typed(answer.text, typed)
        assert INVALID in answer.text
        assert "<title>Error: " in answer.text
        assert 'data-guard="changed"' in answer.text
        assert PASSWORD not in answer.text
        assert database_digest(app) == before
        again = owner.post(address, data={**typed, "csrf_token": value(answer.text, "csrf_token")})
        assert again.status_code != 400 or INVALID not in again.text

    def test_keeps_the_opened_version(
        self, client_as: ClientAs, submit: Submit, stored: dict[str, int]
    ) -> None:
        owner, colleague = client_as("owner"), client_as("editor")
        address = f"/admin/categories/edit/?id={stored['category']}"
        opened, theirs = (value(each.get(address).text, "dashboard-version") for each in (owner, colleague))
        submit(colleague, address, name="Theirs", **{"dashboard-version": theirs})
        page = owner.post(
            address, data={"csrf_token": "stale", "name": "Mine", "dashboard-version": opened}
        ).text
        assert value(page, "dashboard-version") == opened
        answer = submit(
            owner, address, name="Mine", **{"dashboard-version": value(page, "dashboard-version")}
        )
        assert answer.status_code == 409

    @pytest.mark.parametrize(
        ("path", "fields", "back"),
        [
            ("/profile/password", {"current": PASSWORD}, "/profile"),
            ("/profile/sessions/end-others", {}, "/profile"),
            ("/admin/products/action/", {"action": "draft", "rowid": "1"}, "/admin/products/"),
            ("/admin/products/delete/?id=1", {"id": "1"}, "/admin/products/delete/?id=1"),
            ("/admin/revert/undo/", {"id": "1", "next": "/admin/users/"}, "/admin/users/"),
            ("/mode", {"mode": "dark", "next": "//elsewhere.invalid"}, "/"),
            ("/logout", {}, "/"),
        ],
    )
    def test_of_a_button_says_what_to_do_and_links_back(
        self, client_as: ClientAs, path: str, fields: dict[str, str], back: str, stored: dict[str, int]
    ) -> None:
        answer = client_as("owner").post(path, data={"csrf_token": "stale", **fields})
        assert answer.status_code == 400
        assert INVALID in answer.text
        assert f'href="{back}">Reopen the page</a>' in answer.text
        assert PASSWORD not in answer.text

    def test_of_a_logged_out_user_shows_the_text_for_copying(self, app: Flask, client: FlaskClient) -> None:
        before = database_digest(app)
        answer = client.post(NEW, data={"csrf_token": "stale", **TYPED, "password": PASSWORD})
        assert answer.status_code == 400
        assert 'href="/login?next=%2Fadmin%2Fproducts%2Fnew%2F">Log in</a>' in answer.text
        assert "Beech &amp; &lt;b&gt;oak&lt;/b&gt;" in answer.text
        assert PASSWORD not in answer.text
        assert database_digest(app) == before


def test_draft_contains_no_password_token_or_file(context: Flask) -> None:
    class Secret(FlaskForm):
        pin = PasswordField()
        photo = FileField()

    fields = MultiDict(dict.fromkeys(("pin", "password", "current", "confirm", "csrf_token", "name"), "x"))
    assert [*forms.without_secrets(fields)] == ["name"]
    with context.test_request_context("/", method="POST", data={"photo": (BytesIO(b"x"), "x.png")}):
        assert not forms.without_secrets(request.form)
