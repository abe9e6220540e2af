"""Attempts and refused requests neither fill the log nor hold the lock of the database."""

from datetime import timedelta

import pytest
from flask import Flask

from dashboard.accounts.security_log import flows
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import TOGETHER
from dashboard.accounts.throttling.limits import PER_PAIR
from dashboard.extensions import db
from dashboard.testing.accounts import the_account
from unit.accounts.drafting import NOON
from unit.conftest import ClientAs, CountQueries, SetClock, Submit
from unit.security_log.reading import events

VIEWER = "viewer@example.test"

pytestmark = pytest.mark.both_databases


@pytest.fixture(autouse=True)
def _viewer(app: Flask) -> None:
    with app.app_context():
        the_account("viewer")
        db.session.commit()


def guess(app: Flask, submit: Submit, address: str = "203.0.113.5", email: str = VIEWER) -> int:
    client = app.test_client()
    client.environ_base["REMOTE_ADDR"] = address
    return submit(client, "/login", email=email, password="wrong").status_code


def test_attempts_of_an_hour_are_one_row_that_counts(app: Flask, submit: Submit, set_clock: SetClock) -> None:
    set_clock(NOON)
    for _ in range(3):
        guess(app, submit)
    (row,) = events(app)
    assert (row.event, row.times) == (Event.LOGIN_FAILED, 3)
    set_clock(TOGETHER)
    guess(app, submit)
    assert [row.times for row in events(app)] == [3, 1]


def test_other_network_or_account_has_a_row_of_its_own(app: Flask, submit: Submit) -> None:
    guess(app, submit)
    guess(app, submit, address="198.51.100.7")
    guess(app, submit, email="unknown@example.test")
    guess(app, submit, email="another@example.test")  # both are of nobody
    assert [row.times for row in events(app)] == [1, 1, 2]


def test_attempts_beyond_the_limit_write_nothing(app: Flask, submit: Submit) -> None:
    for _ in range(PER_PAIR):
        guess(app, submit)
    assert [(row.event, row.times) for row in events(app)] == [
        (Event.LOGIN_FAILED, PER_PAIR),
        (Event.LOGIN_THROTTLED, 1),
    ]
    before = [(row.times, row.last_at) for row in events(app)]
    assert guess(app, submit) == 429
    assert [(row.times, row.last_at) for row in events(app)] == before


def test_rows_of_strangers_are_bounded_and_each_attempt_counts(
    app: Flask, submit: Submit, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flows, "ANONYMOUS_AN_HOUR", 3)
    for number in range(8):
        guess(app, submit, address=f"198.51.100.{number}")
    rows = events(app)
    assert [row.times for row in rows] == [1, 1, 1, 5]
    assert (rows[-1].address, rows[-1].subject_id, rows[-1].facts) == ("", None, {})


def test_refusals_of_an_hour_are_logged_once(
    app: Flask, client_as: ClientAs, set_clock: SetClock, caplog: pytest.LogCaptureFixture
) -> None:
    set_clock(NOON)
    client = client_as("viewer")
    for _ in range(3):
        assert client.get("/admin/users/").status_code == 403
    assert [(row.event, row.times) for row in events(app)] == [(Event.ACCESS_REFUSED, 1)]
    assert [record.message for record in caplog.records] == [Event.ACCESS_REFUSED]
    set_clock(TOGETHER + timedelta(seconds=1))
    client.get("/admin/users/")
    assert len(events(app)) == 2


def test_refusals_of_strangers_are_bounded(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flows, "ANONYMOUS_AN_HOUR", 3)
    for number in range(6):
        client = app.test_client()
        client.environ_base["REMOTE_ADDR"] = f"198.51.100.{number}"
        assert client.post("/login", headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403
    assert [row.facts["reason"] for row in events(app)] == ["from another site"] * 3


def test_repeated_refusal_takes_no_lock(app: Flask, client_as: ClientAs, count_queries: CountQueries) -> None:
    client = client_as("viewer")
    client.get("/admin/users/")
    with count_queries() as statements:
        client.get("/admin/users/")
    assert not [text for text in statements if text.lstrip().upper().startswith(("INSERT", "UPDATE"))]
