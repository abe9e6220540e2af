"""Health checks, for whoever watches the console."""

import logging
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Event
from time import monotonic

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from dashboard.config import Settings
from dashboard.database.engine import BUSY_TIMEOUT_MS
from dashboard.database.transactions import brief_write
from dashboard.extensions import db
from dashboard.ops import health
from unit.conftest import ClientAs, CountQueries, MakeApp
from unit.digest import database_digest
from unit.file_modes import read_only

READY = {"status": "ok", "assets": "ok", "database": "ok"}


def not_ready(**parts: str) -> dict[str, str]:
    """Return the answer of a console that is not ready."""
    return {**READY, "status": "unavailable", **parts}


def test_healthz_answers_ok(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_healthz_does_not_query_the_database(client_as: ClientAs, count_queries: CountQueries) -> None:
    client = client_as("viewer")
    with count_queries() as statements:
        client.get("/healthz")
    assert statements == []


def test_console_with_a_migrated_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, READY)


@pytest.mark.parametrize(
    ("place", "trouble"),
    [("missing/console.sqlite3", "away"), ("empty.sqlite3", "unavailable"), ("text.sqlite3", "damaged")],
)
def test_console_with_an_unusable_database_is_alive_but_not_ready(
    make_app: MakeApp, tmp_path: Path, place: str, trouble: str
) -> None:
    (tmp_path / "empty.sqlite3").touch()
    (tmp_path / "text.sqlite3").write_text("no database at all, but text " * 100)
    client = make_app(database_url=f"sqlite:///{tmp_path / place}").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, not_ready(database=trouble))
    assert client.get("/healthz").status_code == 200


@pytest.fixture
def fresh(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    """A client of a console that has checked nothing yet, and tries to write at every check."""
    monkeypatch.setattr(health, "WRITE_EVERY_SECONDS", 0)
    return make_app().test_client()


@pytest.fixture
def file(settings: Settings) -> Path:
    """The database of the console."""
    return Path(settings.database_url.removeprefix("sqlite:///"))


@pytest.mark.sqlite
class TestDatabase:
    def test_locked_database_is_ready(self, file: Path, fresh: FlaskClient) -> None:
        with closing(sqlite3.connect(file, isolation_level=None)) as writer:
            writer.execute("BEGIN IMMEDIATE")
            begun = monotonic()
            assert fresh.get("/readyz").status_code == 200
            assert monotonic() - begun < BUSY_TIMEOUT_MS / 1000 / 2

    def test_read_only_database_is_not_ready_until_writable(self, file: Path, fresh: FlaskClient) -> None:
        with read_only(file):
            answer = fresh.get("/readyz")
        assert (answer.status_code, answer.json) == (503, not_ready(database="read-only"))
        assert fresh.get("/readyz").json == READY

    def test_full_database_is_not_ready_until_it_has_room(self, fresh: FlaskClient) -> None:
        limit = [1]

        def bound(connection: sqlite3.Connection, *_rest: object) -> None:
            connection.execute(f"PRAGMA max_page_count={limit[0]}")

        with fresh.application.app_context():
            event.listen(db.engine, "checkout", bound)
        answer = fresh.get("/readyz")
        assert (answer.status_code, answer.json) == (503, not_ready(database="disk full"))
        limit[0] = 1_000_000
        assert fresh.get("/readyz").json == READY

    def test_deleted_database_is_not_ready_until_put_back(self, file: Path, fresh: FlaskClient) -> None:
        assert fresh.get("/readyz").json == READY
        aside = file.rename(file.with_name("aside"))
        answer = fresh.get("/readyz")
        assert (answer.status_code, answer.json) == (503, not_ready(database="away"))
        aside.rename(file)
        assert fresh.get("/readyz").json == READY

    def test_check_leaves_the_database_unchanged(self, app: Flask, fresh: FlaskClient) -> None:
        before = database_digest(app), version_and_cache(app)
        assert fresh.get("/readyz").json == READY
        assert (database_digest(app), version_and_cache(fresh.application)) == before


def version_and_cache(app: Flask) -> tuple[object, object]:
    """The version of the schema and how much memory the connection used last may take."""
    with app.app_context():
        version = db.session.scalar(text("SELECT version_num FROM alembic_version"))
        return version, db.session.scalar(text("PRAGMA cache_size"))


def test_console_without_its_style_sheet_is_not_ready(make_app: MakeApp) -> None:
    app = make_app()
    del app.extensions["assets"].files[app.jinja_env.globals["asset"]("console.css")]
    answer = app.test_client().get("/readyz")
    assert (answer.status_code, answer.json) == (503, not_ready(assets="missing"))


def test_simultaneous_checks_write_once(
    make_app: MakeApp, count_queries: CountQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "WRITE_EVERY_SECONDS", 3600)
    app = make_app()
    with count_queries() as statements, ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: app.test_client().get("/readyz"), range(40)))
    assert {answer.status_code for answer in answers} == {200}
    assert len([each for each in statements if "alembic_version" in each]) == 1


def test_check_does_not_wait_for_a_hanging_one(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "WAIT_SECONDS", 0.01)
    app, hanging, release = make_app(), Event(), Event()

    def hang(*_arguments: object) -> None:
        hanging.set()
        release.wait(BUSY_TIMEOUT_MS / 1000)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", hang, once=True)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(app.test_client().get, "/readyz")
        hanging.wait(BUSY_TIMEOUT_MS / 1000)
        answer = app.test_client().get("/readyz")
        release.set()
        assert (answer.status_code, answer.json) == (503, not_ready(database="no answer"))
        assert first.result().json == READY


def test_change_of_readiness_is_logged_once(fresh: FlaskClient, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO, health.__name__)
    files = fresh.application.extensions["assets"].files
    before = dict(files)
    fresh.get("/readyz")
    files.clear()
    for _ in range(3):
        assert fresh.get("/readyz").status_code == 503
    files.update(before)
    for _ in range(3):
        assert fresh.get("/readyz").status_code == 200
    told = [record.levelname for record in caplog.records if record.name == health.__name__]
    assert told == ["INFO", "ERROR", "INFO"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_health_checks_are_public_and_not_cached(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert client.head(path).status_code == 200


@pytest.mark.sqlite
def test_failed_check_leaves_connections_unchanged(app: Flask) -> None:
    with app.app_context():
        with db.engine.connect() as connection:
            before = connection.scalar(text("PRAGMA cache_size"))
            connection.exec_driver_sql("PRAGMA max_page_count=1")  # no more than there are
        with pytest.raises(DBAPIError), brief_write(db.engine) as connection:
            health._write_and_forget(connection)
        with db.engine.connect() as connection:
            assert connection.scalar(text("PRAGMA cache_size")) == before
