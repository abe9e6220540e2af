"""Inviting a user, and accepting the invitation. Flows change and flush; the caller commits."""

from __future__ import annotations

from dashboard import clock
from dashboard.accounts.choosing import choose_password
from dashboard.accounts.flows import add_account, rename_account
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import Purpose, issue
from dashboard.extensions import db
from dashboard.permissions import Role


def invite(email: str, *, role: Role, name: str = "", by: User | None = None) -> tuple[User, str]:
    """Create an account without a password; returns it with the token of its invitation.

    `by` is the user who invites, None for the command line.

    Raises Refusal where the email is taken or invalid, or the name invalid.
    """
    user = add_account(email, "", role, name)
    return user, issue(user, Purpose.INVITATION, by)


def accept(token: str, password: str, *, name: str) -> User | None:
    """Let the user of an invitation join, with a password and a name; None where it does not work any more.

    Begins the write transaction. Raises Refusal for a name that is not accepted, and `Busy` where too many
    other threads are hashing.
    """
    user = choose_password(token, Purpose.INVITATION, password)
    if user:
        rename_account(user, name)
        user.joined_at = clock.now()
        db.session.flush()
    return user
