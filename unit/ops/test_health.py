"""Health checks, for whoever watches the console."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from dashboard.config import Settings
from unit.conftest import ClientAs, CountQueries, MakeApp

UNAVAILABLE = {"status": "unavailable", "database": "unavailable"}


def test_a_process_that_answers_is_alive(client: FlaskClient) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_being_alive_asks_the_database_nothing(client_as: ClientAs, count_queries: CountQueries) -> None:
    client = client_as("viewer")
    with count_queries() as statements:
        client.get("/healthz")
    assert statements == []


def test_a_console_with_a_migrated_database_is_ready(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok", "database": "ok"})


@pytest.mark.parametrize("place", ["missing/console.sqlite3", "empty.sqlite3", "text.sqlite3"])
def test_one_whose_database_is_away_is_alive_but_not_ready(
    make_app: MakeApp, tmp_path: Path, place: str
) -> None:
    (tmp_path / "text.sqlite3").write_text("no database at all, but text " * 100)
    client = make_app(database_url=f"sqlite:///{tmp_path / place}").test_client()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, UNAVAILABLE)
    assert client.get("/healthz").status_code == 200


@pytest.mark.sqlite
def test_a_database_that_others_write_into_is_ready(settings: Settings, client: FlaskClient) -> None:
    file = settings.database_url.removeprefix("sqlite:///")
    with closing(sqlite3.connect(file, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_the_checks_need_no_account_and_are_kept_by_nobody(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.mimetype == "application/json"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Set-Cookie" not in answer.headers
    assert client.head(path).status_code == 200
