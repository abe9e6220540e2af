"""Logging out while the database cannot be written: the browser drops the session in any case."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from html import unescape
from pathlib import Path
from shutil import copyfile

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.login.views import NOT_ENDED
from dashboard.extensions import db
from unit.conftest import MakeApp, Submit
from unit.file_modes import read_only

pytestmark = pytest.mark.sqlite

Trouble = Callable[[Path], AbstractContextManager[None]]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Lock the database for writing by another process."""
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        yield


@contextmanager
def away(file: Path) -> Iterator[None]:
    """Move the file of the database away."""
    elsewhere = file.rename(file.with_name("elsewhere"))
    yield
    elsewhere.rename(file)


@contextmanager
def damaged(file: Path) -> Iterator[None]:
    """Replace the database by a file of another format."""
    with closing(sqlite3.connect(file)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = file.read_bytes()
    file.write_bytes(b"no database, but text " * 5000)
    yield
    file.write_bytes(content)


TROUBLES = {"locked": locked, "read-only": read_only, "away": away, "damaged": damaged}


@pytest.fixture
def file(tmp_path: Path, database_template: Path) -> Path:
    """Return a database file for this console alone."""
    return Path(copyfile(database_template, tmp_path / "console.sqlite3"))


@pytest.fixture
def console(make_app: MakeApp, file: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """Return a console over it that waits only a moment for a lock."""
    monkeypatch.setattr("dashboard.database.engine.BUSY_TIMEOUT_MS", 20)
    return make_app(database_url=f"sqlite:///{file}")


@pytest.fixture
def viewer(console: Flask, log_in: Callable[[FlaskClient, str], str]) -> FlaskClient:
    """Return a browser logged in as a viewer, with no database connection open."""
    client = console.test_client()
    log_in(client, "viewer")
    with console.app_context():
        db.engine.dispose()
    return client


@pytest.mark.parametrize("trouble", TROUBLES.values(), ids=TROUBLES)
class TestAnUnwritableDatabase:
    def test_browser_drops_the_session_and_its_pages(
        self, viewer: FlaskClient, submit: Submit, file: Path, trouble: Trouble
    ) -> None:
        with trouble(file):
            answer = submit(viewer, "/logout")
        assert (answer.status_code, answer.location) == (303, "/login")
        assert answer.headers["Clear-Site-Data"] == '"cache"'
        with viewer.session_transaction() as session:
            assert "_user_id" not in session
        assert viewer.get("/profile").location == "/login?next=%2Fprofile"

    def test_next_page_says_so_and_when_the_session_ends(
        self, viewer: FlaskClient, submit: Submit, file: Path, trouble: Trouble
    ) -> None:
        with trouble(file):
            submit(viewer, "/logout")
            page = viewer.get("/login")
        assert page.status_code == 200
        assert NOT_ENDED in unescape(page.text)
        assert "after 8 hours without use, or 7 days after you logged in" in page.text
        assert "Logged out successfully" not in page.text

    def test_log_says_so_without_the_cookie(
        self,
        viewer: FlaskClient,
        submit: Submit,
        file: Path,
        trouble: Trouble,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        cookie = viewer.get_cookie("session")
        with trouble(file):
            submit(viewer, "/logout")
        assert "A session could not be ended when its user logged out" in caplog.text
        assert cookie
        assert cookie.value not in caplog.text
