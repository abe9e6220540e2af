"""The rows of the security log."""

from flask import Flask
from sqlalchemy import select

from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.extensions import db


def events(app: Flask) -> list[SecurityEvent]:
    """Every row of the log, the oldest first, detached."""
    with app.app_context():
        rows = list(db.session.scalars(select(SecurityEvent).order_by(SecurityEvent.id)))
        db.session.expunge_all()
        return rows


def the_event(app: Flask) -> SecurityEvent:
    """The newest row of the log."""
    return events(app)[-1]
