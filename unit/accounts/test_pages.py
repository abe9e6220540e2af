"""The pages for logging in and out, registering and editing a profile."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from unit.admin.reading import flashes, value
from unit.conftest import ClientAs, MakeApp, SetClock, Submit
from unit.field_errors import field_error

GOOD = {"email": "kim@example.test", "password": PASSWORD, "confirm": PASSWORD}
CHANGE = {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
XSS = '"><script>alert(1)</script>'


def renamed_since_opened(app: Flask, client: FlaskClient) -> str:
    """Rename the viewer to Kim, and return the value of `opened` of a profile opened before that."""
    opened = value(client.get("/profile").text, "opened")
    with app.app_context():
        the_account("viewer").name = "Kim"
        db.session.commit()
    return opened


def accounts(app: Flask) -> list[str]:
    """The emails of all accounts."""
    with app.app_context():
        return list(db.session.scalars(select(User.email).order_by(User.id)))


class TestLoggingIn:
    @pytest.fixture(autouse=True)
    def _kim(self, app: Flask) -> None:
        with app.app_context():
            an_account(email="kim@example.test")
            db.session.commit()

    def test_says_so_on_the_product_list(self, client: FlaskClient, submit: Submit) -> None:
        answer = submit(client, "/login", email="kim@example.test", password=PASSWORD)
        assert answer.headers["Location"] == "/admin/products/"
        assert "Logged in successfully." in client.get("/admin/products/").text

    @pytest.mark.parametrize("email", ["KIM@EXAMPLE.TEST", " kim@example.test "])
    def test_ignores_case_and_spaces_of_the_email(
        self, client: FlaskClient, submit: Submit, email: str
    ) -> None:
        assert is_redirect(submit(client, "/login", email=email, password=PASSWORD))

    @pytest.mark.parametrize("email", ["kim@example.tst", XSS, "x" * 3000, "kim\0"])
    def test_failure_keeps_the_email_but_not_the_password(
        self, client: FlaskClient, submit: Submit, email: str
    ) -> None:
        answer = submit(client, "/login", email=email, password="guess")
        assert answer.status_code == 200
        assert "<title>Error: Log in" in answer.text
        assert value(answer.text, "password") == ""
        assert XSS not in answer.text
        if email == "kim@example.tst":
            assert value(answer.text, "email") == email

    @pytest.mark.parametrize("fields", [{}, {"email": "kim@example.test"}, {"password": PASSWORD}])
    def test_missing_field_fails_like_any_other_mistake(
        self, client: FlaskClient, submit: Submit, fields: dict[str, str]
    ) -> None:
        answer = submit(client, "/login", **fields)
        assert answer.status_code == 200
        assert "Invalid email or password" in answer.text

    def test_fields_are_marked_for_password_managers(self, client: FlaskClient) -> None:
        text = client.get("/login").text
        assert 'autocomplete="username webauthn"' in text
        assert 'autocomplete="current-password"' in text

    @pytest.mark.parametrize("path", ["/profile/password", "/admin/products/action/", "/logout"])
    def test_after_a_form_of_an_ended_session_opens_a_page(
        self, client_as: ClientAs, submit: Submit, set_clock: SetClock, path: str
    ) -> None:
        client = client_as("kim@example.test")
        with client.application.app_context():
            the_account("kim@example.test").role = "editor"
            db.session.commit()

        set_clock(timedelta(hours=9))
        sent_to = submit(client, path).headers["Location"]
        answer = submit(client, sent_to, email="kim@example.test", password=PASSWORD)
        assert is_redirect(answer)
        assert client.get(answer.headers["Location"], follow_redirects=True).status_code == 200


class TestLoggingOut:
    def test_says_so_on_the_login_page(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        assert submit(client, "/logout").headers["Location"] == "/login"
        assert "Logged out successfully." in client.get("/login").text

    def test_leaves_only_waiting_messages_in_the_cookie(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        submit(client, "/logout")
        with client.session_transaction() as session:
            assert session.keys() == {"waiting"}


class TestRegistering:
    def test_logs_the_new_account_in_and_says_so(self, client: FlaskClient, submit: Submit) -> None:
        assert submit(client, "/register", **GOOD).headers["Location"] == "/admin/products/"
        text = client.get("/admin/products/").text
        assert "Registered successfully." in text
        assert "kim@<wbr>example.test" in text

    def test_lists_the_password_requirements(self, make_app: MakeApp) -> None:
        text = make_app(password_min_length=12).test_client().get("/register").text
        assert "At least 12 characters" in text
        assert 'autocomplete="new-password"' in text

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"email": ""}, "Enter an email."),
            ({"email": "kim"}, "@-sign"),
            ({"email": XSS}, "@-sign"),
            ({"password": ""}, "Choose a password."),
            ({"confirm": ""}, "Enter the password again."),
            ({"confirm": PASSWORD + " "}, "The passwords don't match."),
            ({"password": "12345678", "confirm": "12345678"}, "too common"),
            ({"email": "viewer@example.test"}, "An account with this email already exists."),
        ],
        ids=str,
    )
    def test_failure_says_why_at_the_field_and_adds_no_account(
        self, app: Flask, client: FlaskClient, submit: Submit, change: dict[str, str], words: str
    ) -> None:
        with app.app_context():
            the_account("viewer")
            db.session.commit()
        answer = submit(client, "/register", **{**GOOD, **change})
        assert answer.status_code == 200
        assert words in field_error(answer.text, next(iter(change)))
        assert "<title>Error: Register" in answer.text
        assert "<script>alert" not in answer.text
        assert accounts(app) == ["viewer@example.test"]

    def test_failure_keeps_the_email_but_no_password(self, client: FlaskClient, submit: Submit) -> None:
        text = submit(client, "/register", **{**GOOD, "confirm": "other"}).text
        assert value(text, "email") == "kim@example.test"
        assert PASSWORD not in text

    def test_empty_form_is_shown_again_with_errors(self, client: FlaskClient, submit: Submit) -> None:
        answer = submit(client, "/register")
        assert answer.status_code == 200
        assert "There is a problem" in answer.text

    def test_form_works_with_another_email_if_the_first_is_taken(
        self, app: Flask, client: FlaskClient, submit: Submit
    ) -> None:
        submit(app.test_client(), "/register", **GOOD)
        assert "already exists" in submit(client, "/register", **GOOD).text
        assert is_redirect(submit(client, "/register", **{**GOOD, "email": "lee@example.test"}))


class TestTheProfile:
    def test_shows_email_role_and_name(self, app: Flask, client_as: ClientAs) -> None:
        with app.app_context():
            an_account("editor", email="kim@example.test", name="Kim Quill")
            db.session.commit()
        text = client_as("kim@example.test").get("/profile").text
        assert "kim@example.test · Editor" in text
        assert value(text, "name") == "Kim Quill"

    @pytest.mark.parametrize("path", ["/profile"])
    def test_requires_logging_in(self, client: FlaskClient, path: str) -> None:
        assert client.get(path).headers["Location"] == "/login?next=%2Fprofile"

    @pytest.mark.parametrize(
        ("name", "stored"),
        [("Kim", "Kim"), ("  Kim  ", "Kim"), ("", ""), ("<b>Kim</b>", "<b>Kim</b>"), ("李", "李")],
    )
    def test_saves_the_name_trimmed_and_shows_it_as_text(
        self, app: Flask, client_as: ClientAs, submit: Submit, name: str, stored: str
    ) -> None:
        client = client_as("viewer")
        assert submit(client, "/profile", name=name, mode="system").headers["Location"] == "/profile"
        text = client.get("/profile").text
        assert flashes(text) == [("success", "Profile saved.")]
        assert "<b>Kim" not in text
        with app.app_context():
            assert the_account("viewer").name == stored

    @pytest.mark.parametrize(
        ("fields", "words"),
        [
            ({"name": "x" * 101, "mode": "dark"}, "at most 100 characters"),
            ({"name": "Kim\0", "mode": "dark"}, "control characters"),
            ({"name": "Kim\nQuill", "mode": "dark"}, "control characters"),
            ({"name": "Kim", "mode": "blue"}, "There is a problem"),
            ({"name": "Kim"}, "There is a problem"),
            ({}, "There is a problem"),
        ],
        ids=str,
    )
    def test_refuses_invalid_values_and_keeps_the_typed_name(
        self, app: Flask, client_as: ClientAs, submit: Submit, fields: dict[str, str], words: str
    ) -> None:
        client = client_as("viewer")
        answer = submit(client, "/profile", **fields)
        assert answer.status_code == 200
        assert words in answer.text
        assert value(answer.text, "name") == fields.get("name", "")
        with app.app_context():
            assert the_account("viewer").name == ""

    def test_unchanged_name_does_not_undo_a_newer_one(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        opened = renamed_since_opened(app, client)
        assert is_redirect(submit(client, "/profile", name="", mode="dark", opened=opened))
        with app.app_context():
            assert the_account("viewer").name == "Kim"

    def test_name_changed_by_both_users_is_saved_at_the_second_try(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        opened = renamed_since_opened(app, client)
        answer = submit(client, "/profile", name="Lee", mode="dark", opened=opened)
        assert "Your name was changed to “Kim” while this page was open." in answer.text
        assert value(answer.text, "name") == "Lee"
        with app.app_context():
            assert the_account("viewer").name == "Kim"
        submit(client, "/profile", name="Lee", mode="dark", opened=value(answer.text, "opened"))
        with app.app_context():
            assert the_account("viewer").name == "Lee"

    @pytest.mark.parametrize("opened", ["", "=", "&&;", "name", "\0%ff%", "other=1", "name=&" * 600])
    def test_made_up_opened_values_are_ignored(
        self, app: Flask, client_as: ClientAs, submit: Submit, opened: str
    ) -> None:
        answer = submit(client_as("viewer"), "/profile", name="Lee", mode="dark", opened=opened)
        assert is_redirect(answer)
        with app.app_context():
            assert the_account("viewer").name == "Lee"

    def test_confirms_a_new_password(self, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        assert submit(client, "/profile/password", **CHANGE).headers["Location"] == "/profile"
        told = ("success", "Password changed. Your other sessions are logged out.")
        assert flashes(client.get("/profile").text) == [told]

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            ({"current": ""}, "Enter your current password."),
            ({"current": "wrong"}, "The current password is incorrect."),
            ({"password": ""}, "Choose a new password."),
            ({"confirm": ""}, "Enter the new password again."),
            ({"confirm": "other"}, "The passwords don't match."),
            (
                {"password": "viewer@example.test", "confirm": "viewer@example.test"},
                "Don't base the password on “viewer@example.test”.",
            ),
        ],
        ids=str,
    )
    def test_says_why_a_new_password_is_refused_at_its_field(
        self, client_as: ClientAs, submit: Submit, change: dict[str, str], words: str
    ) -> None:
        answer = submit(client_as("viewer"), "/profile/password", **{**CHANGE, **change})
        assert answer.status_code == 200
        assert field_error(answer.text, next(iter(change))) == words

    def test_errors_of_one_form_are_not_shown_in_the_other(self, client_as: ClientAs, submit: Submit) -> None:
        text = submit(client_as("viewer"), "/profile/password").text
        details, _, password = text.partition('id="password-title"')
        assert "There is a problem" not in details
        assert "There is a problem" in password

    def test_confirms_that_all_other_sessions_ended(self, client_as: ClientAs, submit: Submit) -> None:
        client_as("viewer")
        client = client_as("viewer")
        assert "Log out all other sessions" in client.get("/profile").text
        submit(client, "/profile/sessions/end-others")
        text = client.get("/profile").text
        assert "All other sessions ended." in text
        assert "Log out all other sessions" not in text

    @pytest.mark.parametrize(
        "path", ["/profile", "/profile/password", "/profile/sessions/1/end", "/profile/sessions/end-others"]
    )
    def test_accepts_no_form_without_a_login(self, client: FlaskClient, submit: Submit, path: str) -> None:
        assert submit(client, path).headers["Location"].startswith("/login")
