"""Choosing a password through a one-time link: what accepting an invitation and resetting have in common."""

from __future__ import annotations

from wtforms import PasswordField
from wtforms.validators import InputRequired

from dashboard.accounts.fields import new_password, same_password
from dashboard.accounts.flows import lock_account
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import Purpose, end_links, find_link, use_up
from dashboard.accounts.passwords import MAXIMUM_LENGTH, hash_password
from dashboard.accounts.sessions import end_sessions
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.recording import describe
from dashboard.web.forms import AtMost, BoundedForm


class ChosenPasswordForm(BoundedForm):
    """A new password of the account ``user``."""

    user: User
    password = PasswordField(
        "Password",
        [
            AtMost(MAXIMUM_LENGTH),
            InputRequired("Choose a password."),
            new_password(lambda form: (form.user.email, form.user.name)),
        ],
        render_kw={"autocomplete": "new-password"},
    )
    confirm = PasswordField(
        "Confirm password",
        [AtMost(MAXIMUM_LENGTH), InputRequired("Enter the password again."), same_password],
        render_kw={"autocomplete": "new-password"},
    )


def choose_password(token: str, purpose: Purpose, password: str) -> User | None:
    """Use a link up: give its account a password and end its sessions and other links. Return the account.

    Begins the write transaction, after the slow hashing; the account is locked. Returns None, and changes
    nothing, where the link does not work any more, for example because another request was faster. Raises
    `Busy` where too many other threads are hashing.
    """
    link = find_link(token, purpose)
    if link is None:
        return None
    key, password_hash = link.user_id, hash_password(password)
    begin_write(db.session)
    user = lock_account(key)
    if user is None or not user.active or not use_up(user, token, purpose):
        db.session.rollback()
        return None
    describe(db.session, author_id=user.id)  # whoever has the link acts for its account
    user.password_hash = password_hash
    end_sessions(user)
    end_links(user)
    db.session.flush()
    return user
