"""Whether the user of a request has proved lately who they are.

A proof belongs to the session in which it was made, on the server: it counts neither for another session of
the same user nor for another user in the same browser.
"""

from __future__ import annotations

from datetime import timedelta

from flask_login import current_user

from dashboard import clock
from dashboard.accounts.sessions import current_proof

FRESH_FOR = timedelta(minutes=5)
"""Security line 57."""


def proof_is_fresh() -> bool:
    """Whether the user of this request proved at most `FRESH_FOR` ago, in this session, who they are."""
    proved_at = current_proof() if current_user.is_authenticated else None
    if proved_at is None:
        return False
    # A clock that was set back must not make a proof last for hours; nodes may differ by a little.
    return abs(clock.now() - proved_at) <= FRESH_FOR
