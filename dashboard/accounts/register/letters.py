"""The letter to an address that was typed into the registration form."""

from __future__ import annotations

from flask import current_app

from dashboard.accounts.letters import is_flooding, letter, lock_addressee, until_words
from dashboard.accounts.link_addresses import REGISTRATION, mailed_address
from dashboard.accounts.models import State, User
from dashboard.accounts.register.by_mail import LASTS, issue_registration
from dashboard.config import Settings
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND

AGAIN = {
    State.ACTIVE: "Log in with it. If you forgot the password, choose “Forgot password?” there.",
    State.INVITED: "It waits for you: open the link of your invitation, or ask an admin for a new one.",
}


def write_registration(mail: QueuedMail) -> Letter | None:
    """Write to an address with a link for registering, or that there is an account already."""
    settings: Settings = current_app.extensions["settings"]
    user = lock_addressee(mail)
    if mail.address is None or settings.registration != "open" or is_flooding(mail):
        return None
    return _known(user) if user else _unknown(mail.address)


def _unknown(address: str) -> Letter:
    return letter(
        address,
        "Finish registering",
        f"Your email was used to register at {BRAND}. To choose a password and finish, open:",
        mailed_address(REGISTRATION, issue_registration(address)),
        until_words(LASTS),
        "If you did not register, ignore this mail: no account is made.",
    )


def _known(user: User) -> Letter | None:
    if not user.active:
        return None
    return letter(
        user.email,
        "You have an account already",
        f"Your email was used to register at {BRAND}, but there is an account with it already.",
        AGAIN[State(user.state)],
        "If you did not register, ignore this mail: nothing has changed.",
    )
