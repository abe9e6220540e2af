"""Choosing a password through a one-time link: what accepting an invitation and resetting have in common."""

from __future__ import annotations

from dashboard.accounts.fields import chosen_password, repeated_password
from dashboard.accounts.flows import lock_account
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import OneTimeLink, Purpose, end_links, use_up
from dashboard.accounts.passwords import hash_password
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.sessions import end_sessions
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.recording import describe
from dashboard.web.forms import BoundedForm

EVENTS = {Purpose.INVITATION: Event.INVITATION_ACCEPTED, Purpose.RESET: Event.PASSWORD_CHOSEN}


class ChosenPasswordForm(BoundedForm):
    """A new password of the account ``user``."""

    user: User
    password = chosen_password(
        lambda form: (form.user.email, form.user.name), lambda form: has_second_factor(form.user)
    )
    confirm = repeated_password()


def choose_password(link: OneTimeLink, token: str, password: str) -> User | None:
    """Use up a link with this token, and return its account, with a new password.

    The sessions and other links of the account end.

    Begins the write transaction, after the slow hashing; the account is locked. Returns None, and changes
    nothing, where the link does not work any more, for example because another request was faster. Raises
    `Busy` where too many other threads are hashing.
    """
    key, purpose, password_hash = link.user_id, link.purpose, hash_password(password)
    begin_write(db.session)
    user = lock_account(key)
    if user is None or not user.active or not use_up(user, token, purpose):
        db.session.rollback()
        return None
    describe(db.session, author_id=user.id)  # whoever has the link acts for its account
    user.password_hash = password_hash
    end_sessions(user)
    end_links(user)
    log_event(EVENTS[purpose], user, by=user)
    db.session.flush()
    return user
