"""The letter about a login from a browser that was not known."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.accounts.letters import letter, lock_addressee
from dashboard.accounts.models import User
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.extensions import db
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND
from dashboard.words import utc_words

NEW_BROWSER = "new_browser"
"""The fact that marks a login from a browser that was not known, while another one was."""
LOOKED_AT = 20  # of the last logins; a user who logs in more often before the mail is sent gets no notice


def write_new_browser(mail: QueuedMail) -> Letter | None:
    """Tell a user of the last login from a new browser; None where the account or the event is gone."""
    user = lock_addressee(mail)
    event = user and _last(user)
    if user is None or event is None:
        return None
    return letter(
        user.email,
        "A login from a new browser",
        f"Your account {user.email} at {BRAND} was logged in to from a browser that was not known: "
        f"{event.device}, from {event.address}, {utc_words(event.at)}.",
        "If this was not you, log out all other sessions on your profile, change your password at once, and "
        "tell an admin.",
    )


def _last(user: User) -> SecurityEvent | None:
    its = (SecurityEvent.subject_id == user.id, SecurityEvent.event == Event.LOGGED_IN)
    newest = select(SecurityEvent).where(*its).order_by(SecurityEvent.id.desc()).limit(LOOKED_AT)
    return next((event for event in db.session.scalars(newest) if event.facts.get(NEW_BROWSER)), None)
