"""The letter that tells a user that one of their recovery codes was used."""

from __future__ import annotations

from sqlalchemy import select

from dashboard.accounts.letters import letter, lock_addressee
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.extensions import db
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND
from dashboard.words import counted, utc_words


def write_code_used(mail: QueuedMail) -> Letter | None:
    """Tell a user of the last recovery code that was used; None where the account or the event is gone."""
    user = lock_addressee(mail)
    its = (SecurityEvent.subject_id == mail.user_id, SecurityEvent.event == Event.RECOVERY_CODE_USED)
    event = db.session.scalar(select(SecurityEvent).where(*its).order_by(SecurityEvent.id.desc()).limit(1))
    if user is None or event is None:
        return None
    left = counted(int(event.facts["left"]), "code")
    return letter(
        user.email,
        "A recovery code was used",
        f"A recovery code of your account {user.email} at {BRAND} was used in place of the second factor: "
        f"{event.device}, from {event.address}, {utc_words(event.at)}. You have {left} left.",
        "If this was not you, change your password at once, get new recovery codes on your profile, and tell "
        "an admin.",
    )
