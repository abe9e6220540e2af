"""The recent logins of one user."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.extensions import db

SHOWN = 10
LOGINS = (Event.LOGGED_IN, Event.LOGIN_FAILED)


def recent_logins(user: User) -> Sequence[SecurityEvent]:
    """Return the last 10 logins of `user`, the newest first; failed ones of an hour stand together."""
    its = (SecurityEvent.subject_id == user.id, SecurityEvent.event.in_(LOGINS))
    return db.session.scalars(
        select(SecurityEvent).where(*its).order_by(SecurityEvent.id.desc()).limit(SHOWN)
    ).all()
