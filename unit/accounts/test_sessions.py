"""The rows of sessions: the values they hold, and when these are written."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.accounts import sessions
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.security_log import origins
from dashboard.accounts.sessions import IDLE, LIFETIME, TOUCH_EVERY
from dashboard.extensions import db
from dashboard.testing.accounts import FIREFOX, PASSWORD, a_session, an_account, session_cookie, the_account
from dashboard.testing.answers import is_redirect
from unit.conftest import ClientAs, CountQueries, SetClock, Submit

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
WEBKIT = "AppleWebKit/537.36 (KHTML, like Gecko)"
AGENTS = {
    FIREFOX: "Firefox on Linux",
    f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {WEBKIT} Chrome/128.0.0.0 Safari/537.36": "Chrome on Windows",
    f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15) {WEBKIT} Version/17.5 Safari/605": "Safari on Mac OS X",
    "": "Unknown browser",
    "nonsense": "Unknown browser",
    "x" * 400: "Unknown browser",
}


def seen(app: Flask) -> tuple[datetime, datetime | None]:
    """Return when the only session and its account were last seen."""
    with app.app_context():
        row = db.session.scalars(select(UserSession)).one()
        return row.last_seen_at, row.user.last_seen_at


def writes(statements: list[str]) -> list[str]:
    """Return the statements that write."""
    return [statement for statement in statements if not statement.startswith("SELECT")]


@pytest.fixture
def writer(app: Flask) -> Iterator[sqlite3.Connection]:
    """Yield a connection like that of another process."""
    with app.app_context():
        file = str(db.engine.url.database)
    with closing(sqlite3.connect(file, isolation_level=None)) as connection:
        yield connection


class TestLastSeen:
    def test_is_recorded_for_session_and_account(
        self, app: Flask, client_as: ClientAs, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(timedelta(minutes=30))
        client.get("/profile")
        assert seen(app) == (NOON + timedelta(minutes=30), NOON + timedelta(minutes=30))

    def test_is_recorded_at_most_once_a_minute(
        self, client_as: ClientAs, set_clock: SetClock, count_queries: CountQueries
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(TOUCH_EVERY)
        with count_queries() as statements:
            client.get("/admin/products/")
        assert writes(statements) == []
        set_clock(timedelta(seconds=1))
        with count_queries() as statements:
            client.get("/admin/products/")
        assert len(writes(statements)) == 2
        with count_queries() as statements:
            client.get("/admin/products/")
        assert writes(statements) == []

    def test_does_not_count_as_a_change_of_the_account(
        self, app: Flask, client_as: ClientAs, set_clock: SetClock
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(timedelta(hours=1))
        client.get("/profile")
        with app.app_context():
            viewer = the_account("viewer")
            assert (viewer.updated_at, viewer.version) == (NOON, 1)

    @pytest.mark.sqlite
    def test_is_recorded_later_if_the_database_is_busy(
        self, app: Flask, client_as: ClientAs, set_clock: SetClock, writer: sqlite3.Connection
    ) -> None:
        set_clock(NOON)
        client = client_as("viewer")
        set_clock(timedelta(hours=1))
        writer.execute("BEGIN IMMEDIATE")
        assert client.get("/profile").status_code == 200
        writer.execute("ROLLBACK")
        assert seen(app)[0] == NOON
        client.get("/profile")
        assert seen(app)[0] == NOON + timedelta(hours=1)


class TestARequestOfALoggedInUser:
    def test_reads_session_and_account_in_one_query(
        self, client_as: ClientAs, count_queries: CountQueries
    ) -> None:
        client = client_as("viewer")
        with count_queries() as statements:
            client.get("/nowhere")
        assert len(statements) == 1


class TestTheBrowserOfASession:
    def test_is_stored_as_address_and_user_agent(self, app: Flask, submit: Submit) -> None:
        with app.app_context():
            the_account("viewer")
            db.session.commit()
        client = app.test_client()
        client.environ_base.update(
            REMOTE_ADDR="2001:db8::1", HTTP_USER_AGENT="Agent\x00 <b>7</b>" + "x" * 500
        )
        assert is_redirect(submit(client, "/login", email="viewer@example.test", password=PASSWORD))
        with app.app_context():
            row = db.session.scalars(select(UserSession)).one()
            assert row.address == "2001:db8::1"
            assert row.user_agent.startswith("Agent <b>7</b>xxx")
            assert len(row.user_agent) == 400

    @pytest.mark.parametrize(("agent", "name"), AGENTS.items(), ids=lambda value: value[:20])
    def test_is_named_in_plain_words(self, agent: str, name: str) -> None:
        assert origins.device(agent) == name


class TestTheSessionsOfAUser:
    @pytest.mark.parametrize(
        ("age", "idle", "live"),
        [
            (timedelta(), timedelta(), True),
            (IDLE, IDLE - timedelta(seconds=1), True),
            (IDLE, IDLE, False),
            (LIFETIME - timedelta(seconds=1), timedelta(), True),
            (LIFETIME, timedelta(), False),
        ],
    )
    def test_are_the_live_ones(
        self, context: Flask, set_clock: SetClock, age: timedelta, idle: timedelta, live: bool
    ) -> None:
        set_clock(NOON)
        kim = an_account()
        a_session(kim, created_at=NOON - age, last_seen_at=NOON - idle)
        db.session.commit()
        with context.test_request_context():
            assert len(sessions.sessions_of(kim)) == live

    def test_are_sorted_by_last_seen(self, context: Flask, set_clock: SetClock) -> None:
        set_clock(NOON)
        kim = an_account()
        for hours in (2, 0, 1):
            a_session(kim, last_seen_at=NOON - timedelta(hours=hours))
        a_session(an_account())
        found = sessions.sessions_of(kim)
        assert [NOON - view.last_seen_at for view in found] == [timedelta(hours=h) for h in (0, 1, 2)]
        assert not any(view.is_current for view in found)

    def test_are_deleted_with_the_account(self, context: Flask) -> None:
        kim, lee = an_account(), an_account()
        a_session(kim)
        a_session(lee)
        db.session.delete(db.session.merge(kim))
        db.session.flush()
        assert db.session.scalars(select(UserSession.user_id)).all() == [lee.id]

    def test_can_be_ended_one_by_one_by_that_user_only(self, context: Flask) -> None:
        kim, lee = an_account(), an_account()
        a_session(kim)
        a_session(kim)
        first, second = sessions.sessions_of(kim)
        assert not sessions.end_session(lee, first.id)
        assert sessions.end_session(kim, first.id)
        assert not sessions.end_session(kim, first.id)
        assert [view.id for view in sessions.sessions_of(kim)] == [second.id]


def test_cookie_contents_need_a_valid_signature(context: Flask) -> None:
    cookie = session_cookie({"_user_id": "x", "_flashes": [("success", "Saved.")]})
    assert sessions.cookie_contents(context, cookie) == {
        "_user_id": "x",
        "_flashes": [("success", "Saved.")],
    }
    assert sessions.cookie_contents(context, cookie[1:]) is None


def test_account_is_displayed_by_its_email(context: Flask) -> None:
    kim = an_account(email="kim@example.test")
    assert str(kim) == "kim@example.test"
    assert isinstance(kim, User)
    assert (kim.is_authenticated, kim.is_anonymous, kim.get_id()) == (True, False, None)
