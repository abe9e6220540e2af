"""The letter that invites a user."""

from __future__ import annotations

from dashboard.accounts.letters import issuer, letter, lock_addressee, until_words
from dashboard.accounts.link_addresses import PATHS, mailed_address
from dashboard.accounts.models import State
from dashboard.accounts.one_time_links import LASTS, Purpose, issue
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND


def write_invitation(mail: QueuedMail) -> Letter | None:
    """Write to an invited user, with a new link; None where the user has joined or is deactivated."""
    user = lock_addressee(mail)
    if user is None or user.state != State.INVITED:
        return None
    by = issuer(mail)
    token = issue(user, Purpose.INVITATION, by)
    return letter(
        user.email,
        "You are invited",
        f"{by.email if by else 'An admin'} invites you to {BRAND}. To choose a password and join, open:",
        mailed_address(PATHS[Purpose.INVITATION], token),
        until_words(LASTS[Purpose.INVITATION]),
        "If you did not expect this, ignore this mail: there is no account that works without you.",
    )
