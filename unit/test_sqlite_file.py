"""The file of an embedded database: read-only for a time, full, deleted, replaced and put back."""

import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from markupsafe import escape
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError

from dashboard.catalogue.models import Category
from dashboard.database.errors import Outage
from dashboard.database.transactions import begin_write, brief_write
from dashboard.errors import OUTAGES
from dashboard.extensions import db
from dashboard.testing.answers import is_redirect
from dashboard.testing.catalogue import a_category
from unit.conftest import MakeApp, Submit
from unit.file_modes import read_only

pytestmark = pytest.mark.sqlite

SUFFIXES = ("", "-wal", "-shm")
FILES = {"the database alone": SUFFIXES[:1], "and its log": SUFFIXES}
LogIn = Callable[[FlaskClient, str], str]


@pytest.fixture
def file(tmp_path: Path, database_template: Path) -> Path:
    """A database of a console's own."""
    file = tmp_path / "console.sqlite3"
    copyfile(database_template, file)
    return file


@pytest.fixture
def console(make_app: MakeApp, file: Path) -> Flask:
    """A console over that database, which holds one category."""
    app = make_app(database_url=f"sqlite:///{file}")
    with app.app_context():
        a_category("Old")
        db.session.commit()
    return app


@pytest.fixture
def editor(console: Flask, file: Path, log_in: LogIn) -> FlaskClient:
    """A browser at it with an editor; the console has been killed and started since."""
    client = console.test_client()
    log_in(client, "editor")
    files = {path: path.read_bytes() for path in beside(file, SUFFIXES)}
    with console.app_context():
        db.engine.dispose()
    for path, content in files.items():
        path.write_bytes(content)
    return client


@pytest.fixture
def add(submit: Submit) -> Callable[[FlaskClient, str], Any]:
    """`add(client, name)` makes a category; 303 where it went through."""
    return lambda client, name: submit(client, "/admin/categories/new/", name=name)


def categories(app: Flask) -> int:
    """How many categories the console finds."""
    with app.app_context():
        return db.session.scalar(select(func.count(Category.id))) or 0


def beside(file: Path, suffixes: tuple[str, ...]) -> list[Path]:
    """The files of a database."""
    return [Path(f"{file}{suffix}") for suffix in suffixes]


@pytest.mark.parametrize("suffixes", FILES.values(), ids=FILES)
class TestReadOnlyFile:
    def test_pages_are_read_and_a_save_is_503_in_plain_words(
        self, editor: FlaskClient, file: Path, add: Any, suffixes: tuple[str, ...]
    ) -> None:
        with read_only(*beside(file, suffixes)):
            assert "Old" in editor.get("/admin/categories/").text
            answer = add(editor, "Garden")
        assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
        assert escape(OUTAGES[Outage.READ_ONLY][1]) in answer.text

    def test_a_save_works_at_once_when_it_is_writable_again(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any, suffixes: tuple[str, ...]
    ) -> None:
        with read_only(*beside(file, suffixes)):
            assert editor.get("/admin/categories/").status_code == 200
        assert is_redirect(add(editor, "Garden"))
        assert categories(console) == 2

    def test_a_save_that_was_refused_works_when_it_is_repeated(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any, suffixes: tuple[str, ...]
    ) -> None:
        with read_only(*beside(file, suffixes)):
            assert add(editor, "Garden").status_code == 503
        assert is_redirect(add(editor, "Garden"))
        assert categories(console) == 2

    def test_a_save_waits_for_pages_that_are_being_read(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any, suffixes: tuple[str, ...]
    ) -> None:
        with console.app_context(), read_only(*beside(file, suffixes)):
            page = db.engine.connect()
            page.execute(select(Category.id))
        with ThreadPoolExecutor(1) as pool, console.app_context():
            saving = pool.submit(add, editor, "Garden")
            page.close()
            assert is_redirect(saving.result())
        assert categories(console) == 2

    def test_brief_write_is_refused_as_read_only(
        self, console: Flask, file: Path, suffixes: tuple[str, ...]
    ) -> None:
        with console.app_context(), read_only(*beside(file, suffixes)):
            db.engine.dispose()
            with pytest.raises(OperationalError, match="readonly"), brief_write(db.engine) as connection:
                connection.execute(text("UPDATE categories SET name = 'New'"))
        with console.app_context():
            assert db.session.scalar(select(Category.name)) == "Old"


def test_a_connection_that_turns_out_read_only_is_not_used_again(
    console: Flask, editor: FlaskClient, add: Any
) -> None:
    """The modes of the files when it was opened make no difference."""

    mode = {"query_only": "ON"}

    def refuse_to_write(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute(f"PRAGMA query_only={mode['query_only']}")

    with console.app_context():
        event.listen(db.engine, "connect", refuse_to_write)
    assert [add(editor, "Garden").status_code for _ in range(2)] == [503, 503]
    mode["query_only"] = "OFF"
    assert is_redirect(add(editor, "Garden"))
    assert categories(console) == 2


class TestFullDisk:
    @pytest.fixture
    def full(self, console: Flask, editor: FlaskClient) -> Callable[[bool], None]:
        """`full(True)` lets the database not grow by a page any more."""
        limit = {"pages": 1}

        def bound(connection: sqlite3.Connection, _record: object, _proxy: object) -> None:
            connection.execute(f"PRAGMA max_page_count={limit['pages']}")

        def full(yes: bool) -> None:
            limit["pages"] = 1 if yes else 1_000_000

        with console.app_context():
            with closing(sqlite3.connect(str(db.engine.url.database))) as connection:
                connection.execute("VACUUM")  # else pages that migrations left take what is saved
            event.listen(db.engine, "checkout", bound)
        full(False)
        return full

    def test_save_is_503_in_plain_words_and_stores_nothing(
        self, console: Flask, editor: FlaskClient, full: Any, submit: Submit, caplog: pytest.LogCaptureFixture
    ) -> None:
        with console.app_context():
            before = db.session.scalar(text("SELECT count(*) FROM change_sets"))
        full(True)
        answer = submit(editor, "/admin/products/new/", **a_long_product())
        assert answer.status_code == 503
        assert escape(OUTAGES[Outage.FULL][1]) in answer.text
        assert "(disk full)" in caplog.text
        assert editor.get("/admin/products/").status_code == 200
        with console.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM products")) == 0
            assert db.session.scalar(text("SELECT count(*) FROM change_sets")) == before

    def test_save_works_again_when_there_is_room(
        self, console: Flask, editor: FlaskClient, full: Any, submit: Submit
    ) -> None:
        full(True)
        assert submit(editor, "/admin/products/new/", **a_long_product()).status_code == 503
        full(False)
        assert is_redirect(submit(editor, "/admin/products/new/", **a_long_product()))
        with console.app_context():
            assert db.session.scalar(text("SELECT count(*) FROM products")) == 1


def a_long_product() -> dict[str, str]:
    """A form of a product that takes more room than any page of the database has left."""
    long = {"description": "x" * 5000, "status": "draft", "category": ""}
    return {"name": "Oak Lamp", "sku": "K-1", "price": "1", "currency": "EUR", "stock": "0", **long}


class TestDeletedFile:
    def test_pages_and_saves_are_503_and_the_log_names_it(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any, caplog: pytest.LogCaptureFixture
    ) -> None:
        assert is_redirect(add(editor, "Before"))
        file.unlink()
        assert [add(editor, "Lost").status_code, editor.get("/admin/categories/").status_code] == [503, 503]
        assert escape(OUTAGES[Outage.AWAY][1]) in editor.get("/admin/categories/").text
        told = [line for line in caplog.messages if line.startswith(f"The database file {file} was deleted")]
        assert len(told) == 1

    def test_no_empty_database_is_created_in_its_place(
        self, editor: FlaskClient, file: Path, add: Any
    ) -> None:
        file.unlink()
        assert add(editor, "Lost").status_code == 503
        assert not file.exists()

    def test_put_back_file_has_every_row(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any
    ) -> None:
        assert is_redirect(add(editor, "Before"))
        aside = file.rename(file.with_name("aside.sqlite3"))
        assert add(editor, "Lost").status_code == 503
        aside.rename(file)
        assert is_redirect(add(editor, "After"))
        assert categories(console) == 3

    def test_commit_into_a_deleted_file_fails(self, console: Flask, file: Path) -> None:
        with console.app_context():
            begin_write(db.session)
            db.session.add(Category(name="Lost"))
            db.session.flush()
            file.unlink()
            with pytest.raises(OperationalError, match="deleted or replaced"):
                db.session.commit()

    def test_a_save_goes_into_the_file_that_replaces_it(
        self, console: Flask, editor: FlaskClient, file: Path, add: Any, log_in: LogIn, tmp_path: Path
    ) -> None:
        backup = tmp_path / "backup.sqlite3"
        with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(backup)) as copy:
            live.backup(copy)
        assert is_redirect(add(editor, "Since the backup"))
        for each in beside(file, SUFFIXES):
            each.unlink()
        backup.rename(file)
        assert is_redirect(add(editor, "After"))
        with closing(sqlite3.connect(file)) as restored:
            names = restored.execute("SELECT name FROM categories ORDER BY id").fetchall()
            assert restored.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        assert names == [("Old",), ("After",)]


def test_damaged_file_is_503_and_logged_as_damaged(
    editor: FlaskClient, file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for each in beside(file, SUFFIXES[1:]):
        each.unlink()
    file.write_bytes(b"no database at all, but text " * 1000)
    answer = editor.get("/admin/categories/")
    assert answer.status_code == 503
    assert escape(OUTAGES[Outage.DAMAGED][1]) in answer.text
    assert "(damaged)" in caplog.text
