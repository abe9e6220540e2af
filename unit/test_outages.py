"""The causes of a database outage are distinguished, on the error page and in the log."""

import sqlite3
from contextlib import closing
from datetime import timedelta

import psycopg
import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy.exc import DBAPIError

from dashboard.database.errors import Outage, outage_of
from dashboard.errors import OUTAGES
from dashboard.extensions import db
from unit.conftest import ClientAs, MakeApp, SetClock
from unit.racing import before_each_statement

CODES = {
    "40001": Outage.BUSY,
    "40P01": Outage.BUSY,
    "55P03": Outage.BUSY,
    "53300": Outage.BUSY,
    "57014": Outage.BUSY,
    "53100": Outage.FULL,
    "25006": Outage.READ_ONLY,
    "57P01": Outage.AWAY,
    "08006": Outage.AWAY,
    "XX001": Outage.DAMAGED,
    "XX002": Outage.DAMAGED,
    "58030": Outage.DISK,
    "23505": None,
    "42601": None,
}


def of_postgresql(code: str) -> DBAPIError:
    """Return the exception that SQLAlchemy raises for an error of PostgreSQL."""
    error = psycopg.errors.lookup(code)("odd\nHINT: retry")
    return DBAPIError.instance("SELECT hunter2", {}, error, psycopg.Error)


def of_sqlite(statement: str, *before: str) -> DBAPIError:
    """Return the exception that SQLAlchemy raises for a statement that SQLite refuses."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for each in before:
            connection.execute(each)
        with pytest.raises(sqlite3.Error) as refused:
            connection.execute(statement)
    return DBAPIError.instance(statement, {}, refused.value, sqlite3.Error)


@pytest.mark.parametrize(("code", "outage"), CODES.items())
def test_postgresql_error_is_classified_by_its_code(code: str, outage: Outage | None) -> None:
    assert outage_of(of_postgresql(code)) is outage


def test_server_that_does_not_answer_is_away() -> None:
    error = DBAPIError.instance("", {}, psycopg.OperationalError("connection refused"), psycopg.Error)
    assert outage_of(error) is Outage.AWAY


@pytest.mark.parametrize(
    ("statement", "before", "outage"),
    [
        (
            "INSERT INTO t VALUES (zeroblob(9999))",
            ("CREATE TABLE t (x)", "PRAGMA max_page_count=1"),
            Outage.FULL,
        ),
        ("CREATE TABLE t (x)", ("PRAGMA query_only=ON",), Outage.READ_ONLY),
        ("ATTACH '/dev/null/nothing' AS other", (), Outage.AWAY),
        ("INSERT INTO t VALUES (NULL)", ("CREATE TABLE t (x NOT NULL)",), None),
    ],
)
def test_sqlite_error_is_classified_by_its_code(
    statement: str, before: tuple[str, ...], outage: Outage | None
) -> None:
    assert outage_of(of_sqlite(statement, *before)) is outage


@pytest.mark.parametrize("code", [code for code, outage in CODES.items() if outage])
def test_each_outage_is_503_with_its_own_words_and_one_line_of_log(
    make_app: MakeApp, caplog: pytest.LogCaptureFixture, code: str
) -> None:
    app, error = make_app(), of_postgresql(code)

    def view() -> str:
        raise error

    app.add_url_rule("/failing", "failing", view)
    answer = app.test_client().get("/failing")
    title, words = OUTAGES[CODES[code] or Outage.AWAY]
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert f"<h1>{title}</h1>" in answer.text
    assert escape(words) in answer.text
    (line,) = caplog.messages
    assert f"({CODES[code]}): odd HINT: retry" in line
    assert "hunter2" not in line


def test_every_outage_has_a_title_and_words() -> None:
    assert set(OUTAGES) == set(Outage)


def test_page_opens_if_a_standby_refuses_to_note_the_visit(client_as: ClientAs, set_clock: SetClock) -> None:
    client = client_as("viewer")
    set_clock(timedelta(minutes=5))
    refused = []

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE"):
            refused.append(statement)
            raise of_postgresql("25006")

    with before_each_statement(client.application, refuse):
        assert client.get("/admin/products/").status_code == 200
    assert refused


@pytest.mark.sqlite
def test_wrong_statement_is_not_an_outage(context: Flask) -> None:
    with pytest.raises(DBAPIError) as raised:
        db.session.execute(db.text("SELECT nothing FROM nowhere"))
    assert outage_of(raised.value) is None
