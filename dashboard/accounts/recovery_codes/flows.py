"""Making recovery codes, and using them. Flows change and flush."""

from __future__ import annotations

from sqlalchemy import delete, func, select

from dashboard.accounts.flows import begin_own_write
from dashboard.accounts.letters import Post
from dashboard.accounts.models import User
from dashboard.accounts.recovery_codes.codes import hash_code, new_codes
from dashboard.accounts.recovery_codes.models import RecoveryCode
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.mail.outbox import queue


def number_left(user: User) -> int:
    """Return how many recovery codes of a user were not used yet."""
    its = RecoveryCode.user_id == user.id
    return db.session.scalar(select(func.count()).select_from(RecoveryCode).where(its)) or 0


def make_codes(user: User, *, session: int | None) -> list[str]:
    """Return new recovery codes of a user, which are shown this once; those before stop working.

    Begins the write transaction; the caller commits. Raises LoggedOut where the session has ended.
    """
    begin_own_write(user.id, session)
    remove(user)
    codes = add_codes(user)
    log_event(Event.RECOVERY_CODES_MADE, user, number=len(codes))
    return codes


def add_codes(user: User) -> list[str]:
    """Return new codes of a user beside those there are."""
    codes = new_codes()
    db.session.add_all(RecoveryCode(user_id=user.id, code_hash=hash_code(code, user.id)) for code in codes)
    db.session.flush()
    return codes


def use_code(user: User, typed: str) -> bool:
    """Use up a recovery code of a user; returns whether it is one that was not used before.

    Of two requests with the same code one succeeds (security line 61). The user is told by mail. Commits.
    """
    key, typed_hash = user.id, hash_code(typed, user.id)
    begin_write(db.session)
    its = (RecoveryCode.user_id == key, RecoveryCode.code_hash == typed_hash)
    is_used = bool(db.session.execute(delete(RecoveryCode).where(*its)).rowcount)  # type: ignore[attr-defined]
    if is_used:
        log_event(Event.RECOVERY_CODE_USED, user, by=user, left=number_left(user))
        queue(Post.RECOVERY_CODE_USED, user_id=user.id)
    db.session.commit()
    return is_used


def remove(user: User) -> int:
    """Remove the recovery codes of a locked account; returns how many there were."""
    removed = delete(RecoveryCode).where(RecoveryCode.user_id == user.id)
    return int(db.session.execute(removed).rowcount)  # type: ignore[attr-defined]  # a DELETE counts
