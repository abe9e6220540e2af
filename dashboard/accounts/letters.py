"""Parts that the letters to users share: for whom they are, and how they read."""

from __future__ import annotations

import textwrap
from datetime import timedelta
from enum import StrEnum

from flask import current_app
from sqlalchemy import func, select

from dashboard import clock
from dashboard.accounts.flows import find_account, lock_account
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import Purpose
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import QueuedMail
from dashboard.web.pages import BRAND
from dashboard.words import utc_words

WIDTH = 72
LINKS_PER_ADDRESS, COUNTED_FOR = 3, timedelta(hours=1)
"""How many mails anyone may have sent to one address in a time, so that the forms cannot flood a mailbox."""


class Post(StrEnum):
    """The purposes of mails; those of one-time links have the same names."""

    INVITATION = Purpose.INVITATION.value
    RESET = Purpose.RESET.value
    EMAIL = Purpose.EMAIL.value
    EMAIL_ASKED = "email asked"
    EMAIL_CHANGED = "email changed"
    REGISTRATION = "registration"
    FACTOR_ADDED = "factor added"
    FACTOR_REMOVED = "factor removed"
    FACTORS_RESET = "factors reset"
    NEW_BROWSER = "new browser"
    RECOVERY_CODE_USED = "recovery code used"


WORDS = {
    Post.INVITATION: "Invitation",
    Post.RESET: "Reset of the password",
    Post.EMAIL: "Confirmation of a new email",
    Post.EMAIL_ASKED: "Notice to the present email",
    Post.EMAIL_CHANGED: "Notice to the former email",
    Post.REGISTRATION: "Registration",
    Post.FACTOR_ADDED: "Notice of a new second factor",
    Post.FACTOR_REMOVED: "Notice of a removed second factor",
    Post.FACTORS_RESET: "Notice of reset second factors",
    Post.NEW_BROWSER: "Notice of a login from a new browser",
    Post.RECOVERY_CODE_USED: "Notice of a used recovery code",
}
FOR_ANYONE = (Post.RESET, Post.REGISTRATION)
"""The mails that anyone can ask for, without an account."""


def lock_addressee(mail: QueuedMail) -> User | None:
    """Lock and return the account that a mail is for, by its id or its address; None where there is none.

    A mail that was asked for by an address belongs to the account from then on.
    """
    found = mail.user_id or getattr(find_account(mail.address or ""), "id", None)
    user = lock_account(found) if found else None
    mail.user_id = user.id if user else None
    return user


def issuer(mail: QueuedMail) -> User | None:
    """Return the user who asked for a mail on behalf of another; None for the account's own user."""
    return db.session.get(User, mail.issued_by_id) if mail.issued_by_id else None


def is_flooding(mail: QueuedMail) -> bool:
    """Whether the address of a mail has been sent as many as anyone may have sent to it."""
    its = (QueuedMail.address == mail.address, QueuedMail.purpose.in_(FOR_ANYONE), QueuedMail.id < mail.id)
    lately = QueuedMail.asked_at > clock.now() - COUNTED_FOR
    number = db.session.scalar(select(func.count()).select_from(QueuedMail).where(*its, lately))
    return (number or 0) >= LINKS_PER_ADDRESS


def letter(to: str, subject: str, *paragraphs: str) -> Letter:
    """Return a letter that begins with `paragraphs` and ends with the console's name and address."""
    settings: Settings = current_app.extensions["settings"]
    text = "\n\n".join(map(_wrapped, paragraphs))
    end = f"{BRAND}\n{settings.address}\nNobody reads answers to this mail."
    return Letter(to, f"{subject} ({BRAND})", f"{text}\n\n-- \n{end}\n")


def until_words(lasts: timedelta) -> str:
    """Say how long a link works that is sent now."""
    return f"The link works once, until {utc_words(clock.now() + lasts)}."


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False))
