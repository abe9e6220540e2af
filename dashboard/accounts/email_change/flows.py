"""Asking for another email, and confirming it. Flows change and flush; the caller commits."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.accounts.flows import begin_own_write, find_account, normalise_email
from dashboard.accounts.letters import Post
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import OneTimeLink, Purpose, end_links, use_up
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.extensions import db
from dashboard.mail.outbox import QueuedMail, queue
from dashboard.refusal import Refusal

MOST, PERIOD = 5, timedelta(hours=1)
"""How many changes a user may ask for in a time, each of which sends a mail to any address."""


def ask_for_change(user: User, text: str, *, session: int | None) -> str:
    """Send a link to a new email of `user`, and a notice to the present one; returns the new one.

    Nothing says whether another account has it. Begins the write transaction. Raises Refusal for an invalid
    email, for the present one and beyond the limit, and LoggedOut where the session has ended.
    """
    address = normalise_email(text)
    begin_own_write(user.id, session)
    if address == user.email:
        raise Refusal("This is your email already.", "email")
    if _asked_lately(user) >= MOST:
        raise Refusal("You have asked for too many changes. Try again in an hour.", "email")
    end_links(user, Purpose.EMAIL)
    queue(Post.EMAIL, user_id=user.id, address=address)
    queue(Post.EMAIL_ASKED, user_id=user.id, address=user.email)
    return address


def _asked_lately(user: User) -> int:
    # Counted by the notices, which no later step drops.
    its = (QueuedMail.user_id == user.id, QueuedMail.purpose == Post.EMAIL_ASKED)
    lately = QueuedMail.asked_at > clock.now() - PERIOD
    return db.session.scalar(select(func.count()).select_from(QueuedMail).where(*its, lately)) or 0


def change_email(link: OneTimeLink, token: str, *, session: int | None) -> bool:
    """Give the user of a link the email that it was sent to; returns whether the link still worked.

    Every link of the account ends, and the former address is told. Begins the write transaction. Raises
    LoggedOut where the session has ended. The caller rolls back where it returns False.
    """
    key, address = link.user_id, link.address or ""
    begin_own_write(key, session)
    user = db.session.get_one(User, key)
    if not use_up(user, token, Purpose.EMAIL):
        return False
    try:
        replace_email(user, address)
    except Refusal:
        return False
    return True


def replace_email(user: User, text: str) -> None:
    """Give a locked account another email; its links end, and the former address is told.

    Raises Refusal where the email is invalid or another account has it.
    """
    address, former = normalise_email(text), user.email
    taken = Refusal("An account with this email already exists.", "email")
    if find_account(address):
        raise taken
    user.email = address
    try:
        db.session.flush()
    except IntegrityError as error:  # another request was faster; the email is the only key
        raise taken from error
    end_links(user)
    log_event(Event.EMAIL_CHANGED, user)
    queue(Post.EMAIL_CHANGED, user_id=user.id, address=former)
