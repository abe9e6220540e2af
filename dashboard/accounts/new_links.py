"""New one-time links for the accounts of others. Flows change and flush; the caller commits."""

from __future__ import annotations

from dashboard.accounts.managing import refuse_unmanageable
from dashboard.accounts.models import State, User
from dashboard.accounts.one_time_links import Purpose, end_links, issue
from dashboard.extensions import db
from dashboard.history.models import Action
from dashboard.history.recording import Entry, record
from dashboard.mail.outbox import cancel, queue
from dashboard.refusal import Refusal


def purpose_of_link(subject: User) -> Purpose:
    """Return what a link for an account is for: joining, for an invited user, else resetting the password."""
    return Purpose.INVITATION if subject.state == State.INVITED else Purpose.RESET


def new_link(actor: User | None, subject: User) -> str:
    """Return the token of a new link for a locked account, which the history then tells.

    `actor` is as in `managing`. A mail with an earlier link that is still to be sent is dropped. Raises
    Refusal where they may not, and for a deactivated account.
    """
    _refuse(actor, subject)
    end_links(subject, purpose_of_link(subject))
    token = issue(subject, purpose_of_link(subject), actor)
    _record(subject)
    return token


def send_link(actor: User, subject: User) -> None:
    """Queue a mail with a new link for a locked account; as `new_link` otherwise.

    An earlier link works until the mail is sent.
    """
    _refuse(actor, subject)
    purpose = purpose_of_link(subject)
    cancel(subject.id, [purpose])
    queue(purpose, user_id=subject.id, issued_by_id=actor.id)
    _record(subject)


def _refuse(actor: User | None, subject: User) -> None:
    refuse_unmanageable(actor, subject)
    if not subject.active:
        raise Refusal("This account is deactivated. Reactivate it first.")


def _record(subject: User) -> None:
    record(db.session, [Entry(User.__tablename__, subject.id, Action.LINK, None, {})])
