"""Line 79: who did what, to whom, when, from where and in which request."""

from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from dashboard.accounts.managing import deactivate_accounts
from dashboard.accounts.security_log.events import LABELS, Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.keeping import sweep
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.database.transactions import WRITES, begin_write
from dashboard.extensions import db
from dashboard.testing.accounts import FIREFOX, PASSWORD, an_account, the_account
from unit.accounts.drafting import NOON
from unit.conftest import ClientAs, SetClock, Submit
from unit.declared import PACKAGE
from unit.history.erasing import EMAIL
from unit.security_log.reading import events, the_event
from unit.security_log.scene import KIM, USERS, Scene
from unit.security_log.scenes import DEEDS, FURTHER

ALL = [*DEEDS.items(), *FURTHER.values()]
LOG_IN = {"email": "viewer@example.test", "password": PASSWORD}


@pytest.mark.security(79)
@pytest.mark.both_databases
@pytest.mark.parametrize(("event", "prepare"), ALL, ids=[*(e.value for e in DEEDS), *FURTHER])
def test_each_deed_is_logged_once(scene: Scene, event: Event, prepare: object) -> None:
    deed = prepare(scene)  # type: ignore[operator]
    before = len(events(scene.app))
    deed()
    found = [row.event for row in events(scene.app)[before:]]
    beside = {Event.LOGIN_FAILED} if event in (Event.LOGIN_THROTTLED, Event.PASSKEY_REFUSED) else set()
    assert sorted(found) == sorted({event, *beside})


@pytest.mark.security(79)
def test_every_event_is_logged_somewhere() -> None:
    written = "\n".join(p.read_text(encoding="utf-8") for p in PACKAGE.rglob("*.py") if p.name != "events.py")
    used = {event for event in Event if f"Event.{event.name}" in written}
    assert used == set(Event) == set(DEEDS) == set(LABELS)


@pytest.mark.security(79)
@pytest.mark.both_databases
def test_event_says_who_when_from_where_and_in_which_request(
    app: Flask, submit: Submit, set_clock: SetClock
) -> None:
    with app.app_context():
        key = the_account("viewer").id
        db.session.commit()
    set_clock(NOON)
    client = app.test_client()
    client.environ_base.update({"REMOTE_ADDR": "203.0.113.5", "HTTP_USER_AGENT": FIREFOX})
    answer = submit(client, "/login", **LOG_IN)
    row = the_event(app)
    assert (row.event, row.at) == (Event.LOGGED_IN, NOON)
    assert (row.actor_id, row.actor, row.subject_id) == (key, "viewer@example.test", key)
    assert (row.address, row.device) == ("203.0.113.5", "Firefox on Linux")
    assert row.request_id == answer.headers["X-Request-ID"]
    assert len(row.request_id) == 16


@pytest.mark.security(79)
def test_number_of_a_request_is_never_that_of_the_client(client: FlaskClient) -> None:
    answers = [client.get("/login", headers={"X-Request-ID": "forged"}) for _ in range(2)]
    numbers = {answer.headers["X-Request-ID"] for answer in answers}
    assert len(numbers) == 2
    assert "forged" not in numbers


def test_change_of_an_account_names_both_users(app: Flask, scene: Scene) -> None:
    DEEDS[Event.ROLE_CHANGED](scene)()
    row = the_event(app)
    assert (row.actor, row.subject) == ("owner@example.test", "viewer@example.test")
    assert row.facts == {"before": "viewer", "after": "editor"}


def test_command_line_is_no_user(app: Flask, scene: Scene) -> None:
    DEEDS[Event.ACCOUNT_CREATED](scene)()
    row = the_event(app)
    assert (row.actor_id, row.device, row.address, row.request_id) == (None, "Command line", "", "")
    assert row.subject == KIM


def test_change_that_is_rolled_back_is_not_logged(
    app: Flask, scene: Scene, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        user = the_account("viewer")
        db.session.commit()
        begin_write(db.session)
        deactivate_accounts(None, [user])
        db.session.rollback()
        db.session.commit()
    assert not events(app)
    assert not caplog.records


@pytest.mark.parametrize("state", ["no such account", "wrong password", "account is deactivated"])
def test_failed_login_says_why_and_no_unknown_email(app: Flask, submit: Submit, state: str) -> None:
    email = "stranger@example.test" if state == "no such account" else "viewer@example.test"
    with app.app_context():
        the_account("viewer").active = state != "account is deactivated"
        db.session.commit()
    submit(app.test_client(), "/login", email=email, password="wrong")
    row = the_event(app)
    assert row.facts == {"reason": state}
    assert row.subject == ("" if state == "no such account" else email)


def test_erased_user_is_named_nowhere_and_events_stay(app: Flask, scene: Scene) -> None:
    key = scene.in_database(lambda: an_account(email=EMAIL).id)
    scene.send("/login", email=EMAIL, password=PASSWORD)()
    scene.send("/login", email=EMAIL, password="wrong")()
    scene.send(f"{USERS}delete/", "owner", id=str(key))()
    owner = scene.client_as("owner")
    scene.submit(owner, f"{USERS}erase/?id={key}", typed=EMAIL)
    rows = events(app)
    assert [row.event for row in rows] == [
        Event.LOGGED_IN,
        Event.LOGIN_FAILED,
        Event.ACCOUNT_DELETED,
        Event.PERSON_ERASED,
    ]
    with app.app_context():
        texts = db.session.query(SecurityEvent.search_text, SecurityEvent.subject, SecurityEvent.actor).all()
    assert EMAIL not in str(texts)
    assert [(row.address, row.device) for row in rows[:2]] == [("", "")] * 2
    assert rows[2].address


@pytest.mark.both_databases
def test_events_are_kept_for_as_long_as_the_setting_says(
    app: Flask, submit: Submit, set_clock: SetClock
) -> None:
    set_clock(NOON)
    submit(app.test_client(), "/login", **LOG_IN)
    set_clock(timedelta(days=90))
    with app.app_context():
        assert not sweep()
    assert len(events(app)) == 1
    set_clock(timedelta(minutes=1))
    with app.app_context():
        assert not sweep()
    assert not events(app)


def test_fact_that_sounds_like_a_secret_is_refused(context: Flask) -> None:
    with pytest.raises(ValueError, match="no secrets"):
        log_event(Event.LOGGED_IN, None, token="x")


def test_refusal_waits_for_no_lock_and_still_has_a_line(
    app: Flask, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    client = client_as("viewer")
    with app.app_context(), db.engine.connect().execution_options(**{WRITES: True}) as other, other.begin():
        assert client.get(USERS).status_code == 403
    assert not events(app)
    assert Event.ACCESS_REFUSED in [record.message for record in caplog.records]
