"""A console for every test: the real factory over a real SQLite file, signed in without a form."""

import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from jinja2 import BytecodeCache, Undefined
from jinja2.bccache import Bucket
from sqlalchemy import Engine, event
from werkzeug.test import TestResponse

from dashboard import clock
from dashboard.accounts import passwords
from dashboard.app import create_app
from dashboard.config import Settings
from dashboard.database.migrating import upgrade
from dashboard.extensions import db
from dashboard.testing.sqlite import wait_for_no_disk
from unit.factories.accounts import a_session, the_account
from unit.postgres.server import empty, postgres_database, postgres_server  # noqa: F401 - two are fixtures

SECRET_KEY = "3f9c1b7d5e2a48603f9c1b7d5e2a4860"
REAL_HASHER = passwords.hasher
CHEAP_HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
BOOKKEEPING = ("BEGIN", "PRAGMA", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE", "SET LOCAL")

MakeApp = Callable[..., Flask]
ClientAs = Callable[..., FlaskClient]
Csrf = Callable[[FlaskClient], str]
Submit = Callable[..., TestResponse]
SetClock = Callable[[datetime | timedelta], None]
CountQueries = Callable[[], AbstractContextManager[list[str]]]


class MissingName(Undefined):
    """What a template gets for a name that nobody gave it: it may ask whether it is there, not show it."""

    def _fail(self, *_args: Any, **_kwargs: Any) -> Any:
        self._fail_with_undefined_error()

    __iter__ = __str__ = __len__ = __contains__ = __eq__ = __ne__ = _fail
    __hash__ = Undefined.__hash__


class Client(FlaskClient):
    """A browser that reads every answer to its end, so that nothing of a request is open after it.

    `buffered=False` leaves that to the test.
    """

    def open(self, *args: Any, buffered: bool = True, **kwargs: Any) -> TestResponse:
        return super().open(*args, buffered=buffered, **kwargs)


class CompiledTemplates(BytecodeCache):
    """Compiles a template once for all the applications of a run."""

    def __init__(self) -> None:
        self.compiled: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self.compiled.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.compiled[bucket.key] = bucket.bytecode_to_string()


COMPILED_TEMPLATES = CompiledTemplates()


@pytest.fixture(scope="session")
def database_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database to copy."""
    file = tmp_path_factory.mktemp("template") / "console.sqlite3"
    upgrade(f"sqlite:///{file}")
    return file


def prepared(app: Flask) -> Flask:
    """An application made stricter and quicker than it is in use."""
    app.jinja_env.undefined = MissingName
    app.test_client_class = Client
    app.jinja_env.bytecode_cache = COMPILED_TEMPLATES
    with app.app_context():
        event.listen(db.engine, "connect", wait_for_no_disk)
    return app


def app_over(url: str, folder: Path) -> Flask:
    """A console over the database at `url`."""
    return prepared(create_app(Settings(secret_key=SECRET_KEY, database_url=url, instance=folder)))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="run the suite over PostgreSQL, not SQLite")
    parser.addoption("--crowd", action="store_true", help="let six people race too, not only two")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "sqlite: about SQLite itself; left out with --postgresql")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("--postgresql"):
        left_out = [item for item in items if item.get_closest_marker("sqlite")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("sqlite")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    # Almost every fault of a race shows with two; six cost three times as much.
    if "people" in metafunc.fixturenames:
        metafunc.parametrize("people", [2, 6] if metafunc.config.getoption("--crowd") else [2])


@pytest.fixture(scope="session")
def shared_app(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one console of a run: building it takes longer than most tests do."""
    if request.config.getoption("--postgresql"):
        url = request.getfixturevalue("postgres_database").render_as_string(hide_password=False)
        return app_over(url, tmp_path_factory.mktemp("instance"))
    folder = request.getfixturevalue("database_template").parent
    return app_over(f"sqlite:///{folder / 'dashboard.sqlite3'}", folder)


@pytest.fixture
def settings(shared_app: Flask, request: pytest.FixtureRequest) -> Iterator[Settings]:
    """A development installation with a migrated, empty database."""
    with shared_app.app_context():
        url = db.engine.url
        db.engine.dispose()
    if url.get_backend_name() == "postgresql":
        empty(url)
    else:
        empty_file(Path(str(url.database)), request.getfixturevalue("database_template"))
    yield shared_app.extensions["settings"]
    with shared_app.app_context():
        db.engine.dispose()


def empty_file(file: Path, template: Path) -> None:
    """Put a new file in place of an old one; whoever holds that keeps it, and writes into nobody's test."""
    for old in file.parent.glob(file.name + "*"):
        old.unlink()
    copyfile(template, file)


@pytest.fixture
def make_app(settings: Settings) -> Iterator[MakeApp]:
    """`make_app(**changes)` builds a console from `settings` with changes, over the same database."""
    apps: list[Flask] = []

    def make(**changes: Any) -> Flask:
        apps.append(prepared(create_app(Settings(**{**vars(settings), **changes}))))
        return apps[-1]

    yield make
    for app in apps:
        with app.app_context():
            db.engine.dispose()


@pytest.fixture
def app(settings: Settings, shared_app: Flask, make_app: MakeApp) -> Flask:
    """A console in development over an empty database; to add to it or change it, use `make_app`."""
    return shared_app if shared_app.extensions["settings"] is settings else make_app()


@pytest.fixture
def context(app: Flask) -> Iterator[Flask]:
    """The application with its context pushed."""
    with app.app_context():
        yield app


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that nobody is signed in with."""
    return app.test_client()


@pytest.fixture
def sign_in() -> Callable[[FlaskClient, str], str]:
    """`sign_in(client, who)` gives a browser a live session and returns its token.

    `who` is a role or an address; the account of a role is made when it is first needed.
    """

    def sign_in(client: FlaskClient, who: str) -> str:
        with client.application.app_context():
            token = a_session(the_account(who))
            db.session.commit()
        with client.session_transaction() as session:
            session["_user_id"] = token
        return token

    return sign_in


@pytest.fixture
def client_as(app: Flask, sign_in: Callable[[FlaskClient, str], str]) -> ClientAs:
    """`client_as(role)` is a new browser with somebody of that role, or with that address, signed in."""

    def client_as(who: str) -> FlaskClient:
        client = app.test_client()
        sign_in(client, who)
        return client

    return client_as


@pytest.fixture
def csrf() -> Csrf:
    """`csrf(client)` is a token that forms of this browser may send; asks no page for it."""

    def csrf(client: FlaskClient) -> str:
        with client.session_transaction() as session:
            kept = session.setdefault("csrf_token", secrets.token_hex(20))
        key = client.application.config["SECRET_KEY"]
        return str(URLSafeTimedSerializer(key, salt="wtf-csrf-token").dumps(kept))

    return csrf


@pytest.fixture
def submit(csrf: Csrf) -> Submit:
    """`submit(client, path, **fields)` posts a form with a good CSRF token; a list is sent repeatedly."""

    def submit(client: FlaskClient, path: str, **fields: Any) -> TestResponse:
        return client.post(path, data={"csrf_token": csrf(client), **fields})

    return submit


@pytest.fixture
def set_clock() -> Iterator[SetClock]:
    """`set_clock(moment)` stops the server's clock there; `set_clock(timedelta)` lets that much time pass."""

    def move(to: datetime | timedelta) -> None:
        moment = to if isinstance(to, datetime) else clock.now() + to
        clock.set_clock(lambda: moment.astimezone(UTC))

    yield move
    clock.set_clock(None)


@pytest.fixture
def count_queries() -> CountQueries:
    """`with count_queries() as statements:` keeps the SQL of every query, but for transaction control."""

    @contextmanager
    def count() -> Iterator[list[str]]:
        statements: list[str] = []

        def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
            if not statement.startswith(BOOKKEEPING):
                statements.append(statement)

        event.listen(Engine, "before_cursor_execute", note)
        try:
            yield statements
        finally:
            event.remove(Engine, "before_cursor_execute", note)

    return count


@pytest.fixture(autouse=True)
def _cheap_hasher(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash passwords in no time: the real parameters cost 25 ms each."""
    monkeypatch.setattr(passwords, "hasher", CHEAP_HASHER)


@pytest.fixture
def real_hasher(_cheap_hasher: None, monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """The hasher that the product ships with, in use for this test."""
    monkeypatch.setattr(passwords, "hasher", REAL_HASHER)
    return REAL_HASHER


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of whoever runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("DASHBOARD_")]:
        monkeypatch.delenv(name)
