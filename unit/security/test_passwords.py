"""Security lines 1 to 5, 8 and 10: which passwords are taken and how they are kept."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Lock
from time import sleep

import pytest
from argon2 import PasswordHasher, extract_parameters
from argon2.low_level import Type
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts import passwords
from dashboard.accounts.models import User
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, an_account, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, MakeApp, Submit
from unit.security.conftest import CountingHasher

LONG = "plum orbit lantern 42, " * 45  # 1,035 characters
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


def register(submit: Submit, client: FlaskClient, password: str, email: str = "kim@example.test") -> int:
    """Register with a password typed twice; returns the status."""
    return submit(client, "/register", email=email, password=password, confirm=password).status_code


def logs_in(submit: Submit, app: Flask, password: str, email: str = "kim@example.test") -> bool:
    """Whether a new browser can log in with a password."""
    return is_redirect(submit(app.test_client(), "/login", email=email, password=password))


def stored_hash(app: Flask, email: str = "viewer@example.test") -> str:
    """What the database keeps of a password."""
    with app.app_context():
        return the_account(email).password_hash


@pytest.mark.security(1)
class TestArgon2id:
    def test_passwords_are_hashed_with_argon2id_at_19_mib_and_2_passes(
        self, app: Flask, client: FlaskClient, submit: Submit, real_hasher: PasswordHasher
    ) -> None:
        register(submit, client, PASSWORD)
        kept = extract_parameters(stored_hash(app, "kim@example.test"))
        assert kept.type is Type.ID
        assert kept.memory_cost >= 19 * 1024
        assert (kept.time_cost, kept.parallelism) == (2, 1)
        assert kept.salt_len >= 16

    def test_equal_passwords_have_different_hashes(self, app: Flask) -> None:
        with app.app_context():
            assert an_account().password_hash != an_account().password_hash

    def test_at_most_four_passwords_are_hashed_at_once(self, monkeypatch: pytest.MonkeyPatch) -> None:
        crowd = CrowdedHasher()
        monkeypatch.setattr(passwords, "hasher", crowd)
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(passwords.hash_password, ["plum"] * 12))
            list(pool.map(passwords.verify_password, [None] * 12, ["plum"] * 12))
        assert crowd.most == 4


class CrowdedHasher(PasswordHasher):
    """Notes how many hash at the same time."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.lock, self.inside, self.most = Lock(), 0, 0

    def hash(self, *args: object, **kwargs: object) -> str:
        return str(self._crowded(super().hash, *args, **kwargs))

    def verify(self, *args: object, **kwargs: object) -> bool:
        return bool(self._crowded(super().verify, *args, **kwargs))

    def _crowded(self, work: Callable[..., object], *args: object, **kwargs: object) -> object:
        with self.lock:
            self.inside += 1
            self.most = max(self.most, self.inside)
        sleep(0.01)  # long enough for everybody to arrive who is let in
        try:
            return work(*args, **kwargs)
        finally:
            with self.lock:
                self.inside -= 1


@pytest.mark.security(2)
class TestRehash:
    OLD = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1)

    def test_login_replaces_a_hash_with_older_parameters(
        self, app: Flask, client: FlaskClient, submit: Submit
    ) -> None:
        with app.app_context():
            the_account("viewer").password_hash = self.OLD.hash(PASSWORD)
            db.session.commit()
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")
        assert not passwords.needs_rehash(stored_hash(app))
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")

    def test_failed_login_replaces_no_hash(self, app: Flask, submit: Submit) -> None:
        with app.app_context():
            the_account("viewer").password_hash = old = self.OLD.hash(PASSWORD)
            db.session.commit()
        assert not logs_in(submit, app, "something else", "viewer@example.test")
        assert stored_hash(app) == old

    def test_login_keeps_a_hash_with_current_parameters(self, app: Flask, submit: Submit) -> None:
        with app.app_context():
            old = the_account("viewer").password_hash
            db.session.commit()
        assert logs_in(submit, app, PASSWORD, "viewer@example.test")
        assert stored_hash(app) == old


@pytest.mark.security(3)
class TestMinimumLength:
    @pytest.mark.parametrize(("password", "status"), [("q7#Lv!2", 200), ("q7#Lv!2w", 303)])
    def test_registration_requires_eight_characters(
        self, client: FlaskClient, submit: Submit, password: str, status: int
    ) -> None:
        assert register(submit, client, password) == status

    @pytest.mark.parametrize(("length", "status"), [(14, 200), (15, 303)])
    def test_minimum_length_can_be_raised(
        self,
        make_app: MakeApp,
        submit: Submit,
        length: int,
        status: int,
    ) -> None:
        client = make_app(password_min_length=15).test_client()
        assert register(submit, client, "vK3#pQ8!zR5$wN2"[:length]) == status

    def test_short_password_error_names_the_minimum_length(self, client: FlaskClient, submit: Submit) -> None:
        page = submit(client, "/register", email="kim@example.test", password="q7#Lv", confirm="q7#Lv")
        assert "Use at least 8 characters." in page.text

    def test_password_change_requires_the_minimum_length(self, client_as: ClientAs, submit: Submit) -> None:
        page = submit(
            client_as("viewer"), "/profile/password", current=PASSWORD, password="q7#Lv!2", confirm="q7#Lv!2"
        )
        assert page.status_code == 200
        assert "Use at least 8 characters." in page.text


@pytest.mark.security(4)
class TestMaximumLength:
    @pytest.mark.parametrize("length", [64, 72, 73, 128, 1024])
    def test_passwords_of_64_to_1024_characters_are_accepted(
        self, app: Flask, client: FlaskClient, submit: Submit, length: int
    ) -> None:
        assert register(submit, client, LONG[:length]) == 303
        assert logs_in(submit, app, LONG[:length])

    def test_longer_password_is_refused_before_hashing(
        self, client: FlaskClient, submit: Submit, hasher: CountingHasher
    ) -> None:
        page = submit(client, "/register", email="k@example.test", password=LONG[:1025], confirm=LONG[:1025])
        assert page.status_code == 200
        assert "Use at most 1,024 characters; this has 1,025." in page.text
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
        assert "Use at most 1,024" in submit(client_as("viewer"), "/profile/password", **fields).text


@pytest.mark.security(5)
class TestAnyCharacters:
    @pytest.mark.parametrize("password", UNUSUAL, ids=ascii)
    def test_any_characters_work_exactly_as_typed(
        self, app: Flask, client: FlaskClient, submit: Submit, password: str
    ) -> None:
        assert register(submit, client, password) == 303
        assert logs_in(submit, app, password)

    @pytest.mark.parametrize("other", ["padded with spaces", "  padded with spaces", "padded with spaces  "])
    def test_spaces_around_a_password_count(
        self, app: Flask, client: FlaskClient, submit: Submit, other: str
    ) -> None:
        assert register(submit, client, "  padded with spaces  ") == 303
        assert not logs_in(submit, app, other)

    @pytest.mark.parametrize("length", [72, 128, 1023])
    def test_no_password_is_cut_off(
        self, app: Flask, client: FlaskClient, submit: Submit, length: int
    ) -> None:
        assert register(submit, client, LONG[:1024]) == 303
        assert not logs_in(submit, app, LONG[:length])

    def test_passwords_are_case_sensitive(self, app: Flask, client: FlaskClient, submit: Submit) -> None:
        register(submit, client, "Plum Orbit Lantern 42")
        assert not logs_in(submit, app, "plum orbit lantern 42")


@pytest.mark.security(8)
class TestGuessableWords:
    @pytest.mark.parametrize(
        "password",
        [
            "staff console",
            "StaffConsole1!",
            "dashboard2026",
            "my dashboard",
            "josephine.baker@example.test",
            "josephine.baker",
            "Josephine77",
            "baker-baker",
            "example123",
        ],
    )
    def test_words_of_the_site_and_of_the_email_are_refused(
        self, client: FlaskClient, submit: Submit, password: str
    ) -> None:
        assert register(submit, client, password, "josephine.baker@example.test") == 200

    def test_guessable_password_error_names_the_word(self, client: FlaskClient, submit: Submit) -> None:
        page = submit(
            client, "/register", email="kim@example.test", password="dashboard99", confirm="dashboard99"
        )
        assert "Do not build the password on “dashboard”." in page.text

    def test_long_password_may_contain_a_guessable_word(self, client: FlaskClient, submit: Submit) -> None:
        assert register(submit, client, "the dashboard sings at dusk, quite off key") == 303

    def test_password_change_refuses_the_users_own_name(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        with app.app_context():
            an_account(email="kim@example.test", name="Persephone Quill")
            db.session.commit()
        fields = {"current": PASSWORD, "password": "persephone1", "confirm": "persephone1"}
        page = submit(client_as("kim@example.test"), "/profile/password", **fields)
        assert "Do not build the password on “persephone”." in page.text

    @pytest.mark.parametrize("password", ["password1", "qwertyuiop", "11111111", "letmein123", "abcd1234"])
    def test_a_common_password_is_refused(self, client: FlaskClient, submit: Submit, password: str) -> None:
        assert register(submit, client, password) == 200


@pytest.mark.security(10)
class TestAChangeNeedsTheCurrentPassword:
    @pytest.mark.parametrize("current", ["", "wrong", PASSWORD + " ", PASSWORD.upper(), LONG])
    def test_password_change_needs_the_current_password(
        self, app: Flask, client_as: ClientAs, submit: Submit, current: str
    ) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        page = submit(
            client, "/profile/password", current=current, password=NEW_PASSWORD, confirm=NEW_PASSWORD
        )
        assert page.status_code == 200
        assert stored_hash(app) == before

    def test_password_change_without_the_current_field_is_refused(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        assert (
            submit(client, "/profile/password", password=NEW_PASSWORD, confirm=NEW_PASSWORD).status_code
            == 200
        )
        assert stored_hash(app) == before

    def test_after_a_change_only_the_new_password_logs_in(
        self, app: Flask, client_as: ClientAs, submit: Submit
    ) -> None:
        fields = {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}
        assert is_redirect(submit(client_as("viewer"), "/profile/password", **fields))
        assert logs_in(submit, app, NEW_PASSWORD, "viewer@example.test")
        assert not logs_in(submit, app, PASSWORD, "viewer@example.test")

    def test_profile_form_ignores_a_password(self, app: Flask, client_as: ClientAs, submit: Submit) -> None:
        client = client_as("viewer")
        before = stored_hash(app)
        submit(client, "/profile", name="Kim", mode="dark", password=NEW_PASSWORD, password_hash="x")
        assert stored_hash(app) == before
        with app.app_context():
            assert db.session.query(User).count() == 1
