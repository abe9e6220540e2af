"""For how long events are kept, and erasing those who are named in them."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import delete, or_, select

from dashboard import clock
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.lines import init_lines
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.accounts.security_log.refusals import note_refusal
from dashboard.background.tasks import Task, add_task
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.extensions import db

EVERY = timedelta(hours=1)
SWEPT_AT_ONCE = 1000
ROWS = 1000  # read at once


def init_security_log(app: Flask) -> None:
    """Log refused requests of `app`, and sweep old events every hour."""
    init_lines()
    app.after_request(note_refusal)
    add_task(app, Task("delete old events of the security log", EVERY, sweep))


def log_days() -> int:
    """For how many days events are kept."""
    return int(current_app.extensions["settings"].security_log_days)


def sweep() -> bool:
    """Delete up to 1,000 events that are too old; returns whether there is more."""
    old = select(SecurityEvent.id).where(SecurityEvent.last_at < clock.now() - timedelta(days=log_days()))
    old = old.order_by(SecurityEvent.at).limit(SWEPT_AT_ONCE)
    if db.session.execute(old.limit(1)).first() is None:
        return False  # without the lock that writing takes
    begin_write(db.session)
    keys = db.session.scalars(not_locked(old)).all()
    db.session.execute(delete(SecurityEvent).where(SecurityEvent.id.in_(keys)))
    db.session.commit()
    return len(keys) == SWEPT_AT_ONCE


def erase_from_log(key: int) -> None:
    """Erase what names a deleted user in the log: emails, addresses and devices. The events stay.

    The caller commits.
    """
    log_event(Event.PERSON_ERASED, number=key)
    its = or_(SecurityEvent.actor_id == key, SecurityEvent.subject_id == key)
    for event in db.session.scalars(select(SecurityEvent).where(its).execution_options(yield_per=ROWS)):
        _erase(event, key)
    db.session.flush()


def _erase(event: SecurityEvent, key: int) -> None:
    if event.actor_id in (key, None):  # else they are those of the other user
        event.address = event.network = event.device = ""
    event.actor = "" if event.actor_id == key else event.actor
    event.subject = "" if event.subject_id == key else event.subject
