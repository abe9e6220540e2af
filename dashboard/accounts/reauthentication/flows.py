"""Noting a proof in the session of the user who gave it. The caller commits."""

from __future__ import annotations

from dashboard.accounts.flows import begin_own_write
from dashboard.accounts.models import User
from dashboard.accounts.sessions import current_session_id, renew_session
from dashboard.accounts.throttling import flows as throttling


def note_proof(user: User, address: str) -> None:
    """Note that the current user proved just now who they are. Begins the write transaction.

    The session gets a new id, so that a copy of the cookie from before does not have the proof. It expires
    when it would have. Raises LoggedOut where it has ended. `address` is that of the browser.
    """
    begin_own_write(user.id, current_session_id())
    renew_session(user, proved=True)
    throttling.succeed(user, address)
