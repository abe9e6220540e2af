"""Inviting a user, and accepting the invitation. Flows change and flush; the caller commits."""

from __future__ import annotations

from dashboard import clock
from dashboard.accounts.choosing import choose_password
from dashboard.accounts.flows import add_account, rename_account
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import OneTimeLink, Purpose, issue
from dashboard.extensions import db
from dashboard.permissions import Role


def invite(email: str, *, role: Role, name: str = "") -> tuple[User, str]:
    """Create an account without a password, as the command line does; returns it and the invitation's token.

    Raises Refusal where the email is taken or invalid, or the name invalid.
    """
    user = add_account(email, "", role, name)
    return user, issue(user, Purpose.INVITATION, None)


def accept(link: OneTimeLink, token: str, password: str, *, name: str) -> User | None:
    """Let the user of an invitation join, with a password and a name; None where it does not work any more.

    Begins the write transaction. Raises Refusal for a name that is not accepted, and `Busy` where too many
    other threads are hashing.
    """
    user = choose_password(link, token, password)
    if user:
        rename_account(user, name)
        user.joined_at = clock.now()
        db.session.flush()
    return user
