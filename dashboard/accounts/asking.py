"""Asking for a mail without an account, where the answer must not tell which accounts exist."""

from __future__ import annotations

from datetime import timedelta

from dashboard.accounts.flows import normalise_email
from dashboard.accounts.throttling.flows import ask
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.mail.outbox import queue


def ask_for_mail(purpose: str, email: str, network_address: str) -> timedelta | None:
    """Queue a mail to a typed email, or return how long to wait where there were too many requests.

    Looks up no account: what is done, and how long it takes, is the same for every email. Commits. Raises
    Refusal where the email is invalid.
    """
    address = normalise_email(email)
    begin_write(db.session)
    wait = ask(network_address)
    if wait is None:
        queue(purpose, address=address)
    db.session.commit()
    return wait
