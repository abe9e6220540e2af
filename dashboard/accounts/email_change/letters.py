"""The letters about a change of the email: to the new address and to the one before."""

from __future__ import annotations

from dashboard.accounts.flows import find_account
from dashboard.accounts.letters import letter, lock_addressee, until_words
from dashboard.accounts.link_addresses import PATHS, mailed_address
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import LASTS, Purpose, issue
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND

NOT_YOU = "If this was not you, log in, change your password at once, and tell an admin."


def write_link(mail: QueuedMail) -> Letter | None:
    """Write to the new address: with a link, or, if it is taken, that it has an account already."""
    user = lock_addressee(mail)
    if user is None or mail.address is None or not user.active:
        return None
    return _taken(mail.address) if find_account(mail.address) else _free(user, mail.address)


def _free(user: User, address: str) -> Letter:
    token = issue(user, Purpose.EMAIL, None, address=address)
    return letter(
        address,
        "Confirm your new email",
        f"This is to become the email of the account {user.email} at {BRAND}. To confirm it, open:",
        mailed_address(PATHS[Purpose.EMAIL], token),
        f"{until_words(LASTS[Purpose.EMAIL])} You have to be logged in. Nothing changes until you confirm.",
        "If you did not ask for this, ignore this mail.",
    )


def _taken(address: str) -> Letter:
    return letter(
        address,
        "You have an account already",
        f"A user of {BRAND} asked to use this email, but there is an account with it already.",
        "Nothing has changed. If you did not ask for this, ignore this mail.",
    )


def write_asked(mail: QueuedMail) -> Letter | None:
    """Tell the present address of an account that another one was asked for."""
    if mail.address is None:
        return None
    return letter(
        mail.address,
        "A new email was asked for",
        f"A new email was asked for, for your account {mail.address} at {BRAND}. The new address was sent a "
        "link. Nothing changes until it is opened.",
        f"{NOT_YOU} A new password makes the link useless.",
    )


def write_changed(mail: QueuedMail) -> Letter | None:
    """Tell the former address of an account that it is no longer its email."""
    if mail.address is None:
        return None
    return letter(
        mail.address,
        "Your email was changed",
        f"Your account at {BRAND} has another email now. You log in with the new one.",
        "If this was not you, tell an admin at once.",
    )
