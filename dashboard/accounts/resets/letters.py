"""The letter with which a user chooses a new password."""

from __future__ import annotations

from dashboard.accounts.letters import is_flooding, issuer, letter, lock_addressee, until_words
from dashboard.accounts.link_addresses import PATHS, mailed_address
from dashboard.accounts.models import State
from dashboard.accounts.one_time_links import LASTS, Purpose, issue
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND


def write_reset(mail: QueuedMail) -> Letter | None:
    """Write to the active account that a mail is for, with a new link; None where there is none."""
    user = lock_addressee(mail)
    if user is None or user.state != State.ACTIVE or (mail.address and is_flooding(mail)):
        return None
    token = issue(user, Purpose.RESET, issuer(mail))
    return letter(
        user.email,
        "Choose a new password",
        f"A new password was asked for, for your account {user.email} at {BRAND}. To choose it, open:",
        mailed_address(PATHS[Purpose.RESET], token),
        f"{until_words(LASTS[Purpose.RESET])} Your password works until then.",
        "If you did not ask for this, ignore this mail: nothing changes.",
    )
