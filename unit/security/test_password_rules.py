"""Security lines 3 to 5 and 8: which passwords are accepted."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.extensions import db
from dashboard.testing.accounts import PASSWORD, an_account
from unit.conftest import ClientAs, MakeApp, Submit
from unit.field_errors import field_error
from unit.security.conftest import CountingHasher
from unit.security.passwords import LONG, logs_in, refusal, registers

UNUSUAL = [
    "  padded with spaces  ",
    "\ttab and trailing space ",
    "зелёный фонарь во дворе",
    "傘と月と静かな海と猫",
    "🦊🌵🚲🎻🧭🪁🥨🛶",
    "e\u0301tage\u0300re drizzle cafe\u0301",
    "'; DROP TABLE users; --",
    "<b>&quot;%s{{7*7}}</b>",
    "nul\x00inside the orbit",
    "back\\slash “quotes”",
]


@pytest.mark.security(3)
class TestMinimumLength:
    def test_registration_requires_eight_characters(self, client: FlaskClient, submit: Submit) -> None:
        assert refusal(submit, client, "q7#Lv!2") == "Use at least 8 characters."
        assert registers(submit, client, "q7#Lv!2w")

    def test_minimum_length_can_be_raised(self, make_app: MakeApp, submit: Submit) -> None:
        client = make_app(password_min_length=15).test_client()
        assert refusal(submit, client, "vK3#pQ8!zR5$wN") == "Use at least 15 characters."
        assert registers(submit, client, "vK3#pQ8!zR5$wN2")

    def test_password_change_requires_the_minimum_length(self, client_as: ClientAs, submit: Submit) -> None:
        page = submit(
            client_as("viewer"), "/profile/password", current=PASSWORD, password="q7#Lv!2", confirm="q7#Lv!2"
        )
        assert page.status_code == 200
        assert field_error(page.text, "password") == "Use at least 8 characters."


@pytest.mark.security(4)
class TestMaximumLength:
    @pytest.mark.parametrize("length", [64, 72, 73, 128, 1024])
    def test_passwords_of_64_to_1024_characters_are_accepted(
        self, app: Flask, client: FlaskClient, submit: Submit, length: int
    ) -> None:
        assert registers(submit, client, LONG[:length])
        assert logs_in(submit, app, LONG[:length])

    def test_longer_password_is_refused_before_hashing(
        self, client: FlaskClient, submit: Submit, hasher: CountingHasher
    ) -> None:
        assert refusal(submit, client, LONG[:1025]) == "Use at most 1,024 characters; this has 1,025."
        assert hasher.hashed == 0

    @pytest.mark.parametrize("email", ["viewer@example.test", "nobody@example.test"])
    def test_login_with_a_longer_password_hashes_nothing(
        self, peopled: Flask, submit: Submit, hasher: CountingHasher, email: str
    ) -> None:
        assert not logs_in(submit, peopled, LONG, email)
        assert (hasher.hashed, hasher.verified) == (0, 0)

    def test_password_change_refuses_more_than_1024_characters(
        self, client_as: ClientAs, submit: Submit
    ) -> None:
        fields = {"current": PASSWORD, "password": LONG[:1025], "confirm": LONG[:1025]}
        page = submit(client_as("viewer"), "/profile/password", **fields)
        assert field_error(page.text, "password") == "Use at most 1,024 characters; this has 1,025."


@pytest.mark.security(5)
class TestAnyCharacters:
    @pytest.mark.parametrize("password", UNUSUAL, ids=ascii)
    def test_any_characters_work_exactly_as_typed(
        self, app: Flask, client: FlaskClient, submit: Submit, password: str
    ) -> None:
        assert registers(submit, client, password)
        assert logs_in(submit, app, password)

    @pytest.mark.parametrize("other", ["padded with spaces", "  padded with spaces", "padded with spaces  "])
    def test_spaces_around_a_password_count(
        self, app: Flask, client: FlaskClient, submit: Submit, other: str
    ) -> None:
        assert registers(submit, client, "  padded with spaces  ")
        assert not logs_in(submit, app, other)

    @pytest.mark.parametrize("length", [72, 128, 1023])
    def test_no_password_is_cut_off(
        self, app: Flask, client: FlaskClient, submit: Submit, length: int
    ) -> None:
        assert registers(submit, client, LONG[:1024])
        assert not logs_in(submit, app, LONG[:length])

    def test_passwords_are_case_sensitive(self, app: Flask, client: FlaskClient, submit: Submit) -> None:
        assert registers(submit, client, "Plum Orbit Lantern 42")
        assert not logs_in(submit, app, "plum orbit lantern 42")


@pytest.mark.security(8)
class TestGuessableWords:
    @pytest.mark.parametrize(
        ("password", "word"),
        [
            ("staff console", "staff console"),
            ("StaffConsole1!", "staffconsole"),
            ("dashboard2026", "dashboard"),
            ("my dashboard", "dashboard"),
            ("josephine.baker@example.test", "josephine.baker@example.test"),
            ("josephine.baker", "josephine"),
            ("Josephine77", "josephine"),
            ("baker-baker", "baker"),
            ("example123", "example"),
        ],
    )
    def test_words_of_the_site_and_of_the_email_are_refused(
        self, client: FlaskClient, submit: Submit, password: str, word: str
    ) -> None:
        reason = refusal(submit, client, password, "josephine.baker@example.test")
        assert reason == f"Don't base the password on “{word}”."

    def test_long_password_may_contain_a_guessable_word(self, client: FlaskClient, submit: Submit) -> None:
        assert registers(submit, client, "the dashboard sings at dusk, quite off key")

    def test_password_change_refuses_the_users_own_name(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        with app.app_context():
            an_account(email="kim@example.test", name="Persephone Quill")
            db.session.commit()
        fields = {"current": PASSWORD, "password": "persephone1", "confirm": "persephone1"}
        page = submit(client_as("kim@example.test"), "/profile/password", **fields)
        assert field_error(page.text, "password") == "Don't base the password on “persephone”."

    @pytest.mark.parametrize("password", ["password1", "qwertyuiop", "11111111", "letmein123", "abcd1234"])
    def test_common_password_is_refused(self, client: FlaskClient, submit: Submit, password: str) -> None:
        reason = refusal(submit, client, password)
        assert reason.startswith("This password is too common or too easy to guess.")

    @pytest.mark.parametrize("password", ["warehouse-42!", "Warehouse.Quill-Corp.test"])
    def test_names_of_the_console_are_refused(self, make_app: MakeApp, submit: Submit, password: str) -> None:
        client = make_app(allowed_hosts=("warehouse.quill-corp.test",)).test_client()
        assert str(refusal(submit, client, password)).startswith("Don't base the password on “warehouse")
