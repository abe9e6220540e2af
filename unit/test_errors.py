"""Each error has a page in plain words, and an outage of the database is 503 with Retry-After."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask, abort
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy.exc import DBAPIError, InterfaceError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import ImATeapot, TooManyRequests

from dashboard.accounts.models import User
from dashboard.database.transactions import begin_write
from dashboard.errors import RETRY_AFTER_SECONDS, WORDS
from dashboard.extensions import db
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD, the_account
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_product
from unit.admin.reading import read
from unit.conftest import ClientAs, MakeApp, Submit
from unit.digest import database_digest

VIEWER = {"email": "viewer@example.test", "password": PASSWORD}
READS = ["/admin/", "/admin/products/", "/admin/products/details/?id=1", "/profile", "/admin/users/"]
Failing = Callable[[Exception], FlaskClient]


@pytest.fixture
def failing(make_app: MakeApp) -> Failing:
    """`failing(error)` is a browser at a console whose page `/failing` raises that error."""

    def failing(error: Exception) -> FlaskClient:
        app = make_app()

        def view() -> str:
            raise error

        app.add_url_rule("/failing", "failing", view)
        return app.test_client()

    return failing


@pytest.fixture
def populated(app: Flask) -> Flask:
    """A console with a viewer and a product."""
    with app.app_context():
        the_account("viewer")
        a_product()
        db.session.commit()
    return app


@pytest.fixture
def writer(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[sqlite3.Connection]:
    """Yield a connection like that of another process, whose locks are waited for only a moment."""
    monkeypatch.setattr("dashboard.database.engine.BUSY_TIMEOUT_MS", 20)
    with app.app_context():
        file = str(db.engine.url.database)
        db.engine.dispose()  # new connections take the timeout above
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


@pytest.mark.parametrize("code", WORDS)
def test_every_error_has_a_title_a_way_back_and_a_reference(make_app: MakeApp, code: int) -> None:
    app = make_app()
    app.add_url_rule("/failing", "failing", lambda: abort(code))
    answer = app.test_client().get("/failing")
    title, words = WORDS[code]
    assert answer.status_code == code
    assert f"<h1>{title}</h1>" in answer.text
    assert escape(words) in answer.text
    assert f"<code>{answer.headers['X-Request-ID']}</code>" in answer.text
    assert 'class="button primary" href="' in answer.text


def test_every_request_has_its_own_id(client: FlaskClient) -> None:
    numbers = {client.get("/nowhere").headers["X-Request-ID"] for _ in range(5)}
    assert len(numbers) == 5


def test_error_without_its_own_words_shows_those_of_its_kind(failing: Failing) -> None:
    answer = failing(ImATeapot()).get("/failing")
    assert answer.status_code == 418
    assert WORDS[400][0] in answer.text


def test_description_of_an_error_is_shown(failing: Failing) -> None:
    answer = failing(TooManyRequests("Ten tries are enough.", retry_after=30)).get("/failing")
    assert "Ten tries are enough." in answer.text
    assert answer.headers["Retry-After"] == "30"


def test_error_with_its_own_response_sends_that(make_app: MakeApp) -> None:
    app = make_app()
    app.add_url_rule("/failing", "failing", lambda: abort(app.response_class("mine", status=402)))
    answer = app.test_client().get("/failing")
    assert (answer.status_code, answer.text) == (402, "mine")


@pytest.mark.parametrize(
    ("who", "href", "label"),
    [(None, "/login", "Back to start page"), ("viewer", "/", "Back to products")],
)
def test_way_back_depends_on_being_logged_in(
    client: FlaskClient, client_as: ClientAs, who: str | None, href: str, label: str
) -> None:
    text = (client_as(who) if who else client).get("/nowhere").text
    assert f'href="{href}">{label}</a>' in text


def test_error_of_a_logged_in_user_has_the_navigation(client_as: ClientAs) -> None:
    text = client_as("viewer").get("/nowhere").text
    assert "viewer@<wbr>example.test" in text
    assert "Log out" in text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/nowhere", 404),
        ("GET", "/admin/nowhere/", 404),
        ("GET", "/logout", 405),
        ("PUT", "/login", 405),
    ],
)
def test_missing_page_or_method_answers_with_a_page(
    client: FlaskClient, method: str, path: str, status: int
) -> None:
    answer = client.open(path, method=method)
    assert answer.status_code == status
    assert answer.mimetype == "text/html"


def test_head_of_an_error_has_no_body(client: FlaskClient) -> None:
    answer = client.head("/nowhere")
    assert (answer.status_code, answer.data) == (404, b"")


def test_stale_form_says_so_in_plain_words(client_as: ClientAs) -> None:
    answer = client_as("viewer").post("/profile", data={"csrf_token": "stale"})
    assert answer.status_code == 400
    assert "This form is no longer valid" in answer.text
    assert "CSRF" not in answer.text


@pytest.mark.parametrize("error", [StaleDataError("stale"), ObjectDeletedError(None, "deleted")])
def test_stale_row_is_an_edit_conflict(failing: Failing, error: Exception) -> None:
    answer = failing(error).get("/failing")
    assert answer.status_code == 409
    assert "Nothing was saved" in answer.text


def test_row_changed_during_a_request_is_an_edit_conflict(make_app: MakeApp) -> None:
    app = make_app()

    def view() -> str:
        begin_write(db.session)
        user = the_account("viewer")
        db.session.commit()
        begin_write(db.session)
        user.name = f"Mine, version {user.version}"
        db.session.connection().exec_driver_sql("UPDATE users SET version = version + 1")
        db.session.flush()
        return "saved"

    app.add_url_rule("/failing", "failing", view)
    answer = app.test_client().get("/failing")
    assert (answer.status_code, "<h1>Edit conflict</h1>" in answer.text) == (409, True)
    with app.app_context():
        assert the_account("viewer").name == ""


def test_error_rolls_back_the_transaction(make_app: MakeApp) -> None:
    app = make_app()

    def view() -> str:
        the_account("viewer")
        raise ZeroDivisionError

    app.add_url_rule("/failing", "failing", view)
    assert app.test_client().get("/failing").status_code == 500
    with app.app_context():
        assert db.session.query(User).count() == 0


@pytest.mark.sqlite
class TestALockedDatabase:
    def test_login_is_503_and_says_when_to_try_again(
        self, populated: Flask, client: FlaskClient, submit: Submit, writer: sqlite3.Connection
    ) -> None:
        before = database_digest(populated)
        writer.execute("BEGIN IMMEDIATE")
        answer = submit(client, "/login", **VIEWER)
        writer.execute("ROLLBACK")
        assert answer.status_code == 503
        assert database_digest(populated) == before
        assert client.get("/profile").location == "/login?next=%2Fprofile"
        assert answer.headers["Retry-After"] == str(RETRY_AFTER_SECONDS)
        assert f"Try again in {RETRY_AFTER_SECONDS} seconds." in answer.text

    @pytest.mark.parametrize(
        ("path", "fields"),
        [
            ("/profile", {"name": "Kim", "mode": "dark"}),
            ("/profile/password", {"current": PASSWORD, "password": NEW_PASSWORD, "confirm": NEW_PASSWORD}),
            ("/profile/sessions/end-others", {}),
            ("/admin/products/delete/", {"id": "1"}),
            ("/admin/categories/new/", {"name": "Garden"}),
        ],
        ids=str,
    )
    def test_change_is_503_and_saves_nothing(
        self,
        populated: Flask,
        client_as: ClientAs,
        submit: Submit,
        writer: sqlite3.Connection,
        path: str,
        fields: dict[str, str],
    ) -> None:
        client = client_as("editor")
        before = database_digest(populated)
        writer.execute("BEGIN IMMEDIATE")
        assert submit(client, path, **fields).status_code == 503
        writer.execute("ROLLBACK")
        assert database_digest(populated) == before
        assert client.get("/profile").status_code == 200

    @pytest.mark.parametrize("path", READS)
    def test_pages_can_still_be_read(
        self, populated: Flask, client_as: ClientAs, writer: sqlite3.Connection, path: str
    ) -> None:
        client = client_as("owner")
        writer.execute("BEGIN IMMEDIATE")
        assert client.get(path).status_code == 200

    def test_login_works_once_the_lock_is_gone(
        self, populated: Flask, client: FlaskClient, submit: Submit, writer: sqlite3.Connection
    ) -> None:
        writer.execute("BEGIN IMMEDIATE")
        submit(client, "/login", **VIEWER)
        writer.execute("ROLLBACK")
        assert is_redirect(submit(client, "/login", **VIEWER))


class TestAMissingDatabase:
    @pytest.fixture
    def gone(self, make_app: MakeApp, tmp_path: Path) -> FlaskClient:
        """A browser at a console whose database cannot be opened."""
        return make_app(database_url=f"sqlite:///{tmp_path}/missing/console.sqlite3").test_client()

    @pytest.fixture
    def empty(self, make_app: MakeApp, tmp_path: Path) -> FlaskClient:
        """A browser at a console whose database was never migrated."""
        return make_app(database_url=f"sqlite:///{tmp_path}/empty.sqlite3").test_client()

    @pytest.mark.parametrize("database", ["gone", "empty"])
    def test_page_that_needs_it_is_503(self, request: pytest.FixtureRequest, database: str) -> None:
        answer = request.getfixturevalue(database).get("/register")
        assert answer.status_code == 503
        assert "Retry-After" in answer.headers
        assert 'href="/"' in answer.text

    @pytest.mark.parametrize("database", ["gone", "empty"])
    def test_session_cookie_does_not_break_the_error_page(
        self, request: pytest.FixtureRequest, client_as: ClientAs, database: str
    ) -> None:
        cookie = client_as("viewer").get_cookie("session")
        assert cookie
        client = request.getfixturevalue(database)
        client.set_cookie("session", cookie.value)
        assert client.get("/admin/").status_code == 503

    def test_page_that_does_not_need_it_still_opens(self, gone: FlaskClient) -> None:
        assert gone.get("/login").status_code == 200
        assert gone.get("/healthz").status_code == 200


def test_broken_connection_is_503(failing: Failing) -> None:
    error = InterfaceError("SELECT 1", {}, Exception("server closed the connection"))
    assert failing(error).get("/failing").status_code == 503


def test_any_other_database_error_is_500(failing: Failing) -> None:
    answer = failing(DBAPIError("SELECT hunter2", {"p": "hunter2"}, Exception("hunter2"))).get("/failing")
    assert answer.status_code == 500
    assert "hunter2" not in answer.text


def test_page_of_a_fault_leads_to_the_root_not_to_log_in(failing: Failing) -> None:
    page = failing(DBAPIError("SELECT 1", {}, Exception("x"))).get("/failing").text
    [back] = [link for link in read(page).all("a") if link.text == "Back to start page"]
    assert back.attributes["href"] == "/"
