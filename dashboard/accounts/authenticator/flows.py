"""Setting up an authenticator app, using its codes, and removing it. Flows change and flush."""

from __future__ import annotations

import logging
from typing import Any

from sqlalchemy import ColumnElement, delete, select, update

from dashboard.accounts.authenticator.codes import matching_step, new_seed
from dashboard.accounts.authenticator.models import Authenticator
from dashboard.accounts.encryption import UnreadableSecret, decrypt, encrypt, newest_key
from dashboard.accounts.flows import begin_own_write
from dashboard.accounts.models import User
from dashboard.accounts.second_factor.factors import has_other_factor
from dashboard.accounts.second_factor.flows import factor_added, factor_removed
from dashboard.accounts.second_factor.required import NEEDED, is_required
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.refusal import Refusal

NAME = "authenticator"
ENCRYPTED_AT_ONCE = 100

log = logging.getLogger(__name__)


def authenticator_of(user: User) -> Authenticator | None:
    """Return the authenticator app of a user, or None."""
    row: Authenticator | None = db.session.get(Authenticator, user.id)
    return row


def has_authenticator(user: User) -> bool:
    """Whether a user has an authenticator app."""
    return db.session.scalar(select(Authenticator.user_id).filter_by(user_id=user.id)) is not None


def propose_seed(user: User) -> tuple[str, str]:
    """Return a new seed for a user, and the same encrypted, which the form for setting it up sends back.

    Nothing is stored: a page that is only opened changes nothing.
    """
    seed = new_seed()
    return seed, encrypt(seed, _of_proposal(user.id))


def proposed_seed(user: User, sealed: str) -> str | None:
    """Return the seed that was proposed to a user; None where another text was sent."""
    try:
        return decrypt(sealed, _of_proposal(user.id))
    except UnreadableSecret:
        return None


def set_up(user: User, seed: str, code: str, *, session: int | None) -> bool:
    """Give a user an authenticator app if `code` is one of it; returns whether it is.

    It replaces the one before. The other sessions of the user end. Begins the write transaction; the caller
    commits. Raises LoggedOut where the session has ended.
    """
    step, key = matching_step(seed, code), user.id
    if step is None:
        return False
    begin_own_write(key, session)
    db.session.execute(delete(Authenticator).where(Authenticator.user_id == key))
    db.session.add(Authenticator(user_id=key, seed=seal(seed, key), last_step=step))
    db.session.flush()
    factor_added(user, NAME, keep_session=session)
    return True


def use_code(user: User, code: str) -> bool:
    """Use up a code of the authenticator app of a user; returns whether it is valid and was not used before.

    Of two requests with the same code one succeeds (security line 59). Commits.
    """
    key = user.id
    begin_write(db.session)
    row = db.session.execute(select(Authenticator.seed).where(Authenticator.user_id == key)).first()
    is_used = bool(row) and _use(key, row.seed, code)  # type: ignore[union-attr]
    db.session.commit()
    return is_used


def _use(key: int, sealed: str, code: str) -> bool:
    seed = _read(key, sealed)
    step = matching_step(seed, code) if seed else None
    if seed is None or step is None:
        return False
    its = (Authenticator.user_id == key, Authenticator.seed == sealed, Authenticator.last_step < step)
    is_outdated = not sealed.startswith(f"{newest_key()}.")
    stored = seal(seed, key) if is_outdated else sealed
    used = update(Authenticator).where(*its).values(last_step=step, seed=stored)
    return bool(db.session.execute(used).rowcount)  # type: ignore[attr-defined]  # an UPDATE counts


def is_readable(user: User) -> bool:
    """Whether the seed of a user's authenticator app can be read, without which no code can be checked."""
    row = authenticator_of(user)
    return row is not None and _read(row.user_id, row.seed) is not None


def remove(user: User) -> int:
    """Remove the authenticator app of a locked account; returns how many there were."""
    removed = delete(Authenticator).where(Authenticator.user_id == user.id)
    return int(db.session.execute(removed).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def remove_own(user: User, *, session: int | None) -> bool:
    """Remove the authenticator app of the current user; returns whether there was one.

    Begins the write transaction; the caller commits. Raises Refusal where the user needs it, and LoggedOut
    where the session has ended.
    """
    begin_own_write(user.id, session)
    if reason := why_needed(user):
        raise Refusal(reason)
    if not remove(user):
        return False
    factor_removed(user, NAME, keep_session=session)
    return True


def why_needed(user: User) -> str | None:
    """Say why a user cannot remove their authenticator app; None where they can."""
    return NEEDED if is_required(user) and not has_other_factor(user, NAME) else None


def encrypt_again() -> bool:
    """Encrypt seeds under the newest key that were encrypted under others; returns whether there may be more.

    Seeds that no key can read stay as they are. Commits.
    """
    others: Any = select(Authenticator.user_id, Authenticator.seed).where(~_of_newest())
    if db.session.execute(others.limit(1)).first() is None:
        return False  # without the lock that writing takes
    begin_write(db.session)
    rows = db.session.execute(not_locked(others.order_by(Authenticator.user_id))).all()
    readable = [(key, sealed, seed) for key, sealed in rows if (seed := _read(key, sealed))]
    for key, sealed, seed in readable[:ENCRYPTED_AT_ONCE]:
        its = (Authenticator.user_id == key, Authenticator.seed == sealed)
        db.session.execute(update(Authenticator).where(*its).values(seed=seal(seed, key)))
    db.session.commit()
    return len(readable) > ENCRYPTED_AT_ONCE


def number_outdated() -> tuple[int, int]:
    """Return how many seeds an older key encrypted, and how many no key can read.

    Users of the latter need a recovery code, or a reset.
    """
    rows = db.session.execute(select(Authenticator.user_id, Authenticator.seed).where(~_of_newest())).all()
    unreadable = sum(_read(key, sealed) is None for key, sealed in rows)
    return len(rows) - unreadable, unreadable


def _of_newest() -> ColumnElement[bool]:
    return Authenticator.seed.startswith(f"{newest_key()}.", autoescape=True)


def seal(seed: str, user_id: int) -> str:
    """Return the seed of a user as it is stored: encrypted, so that it cannot be that of another user."""
    return encrypt(seed, _of_seed(user_id))


def _read(key: int, sealed: str) -> str | None:
    try:
        return decrypt(sealed, _of_seed(key))
    except UnreadableSecret:
        log.error("The seed of the authenticator app of user %s was encrypted by a key that is gone.", key)
        return None


def _of_seed(user_id: int) -> str:
    return f"authenticator of user {user_id}"


def _of_proposal(user_id: int) -> str:
    return f"authenticator that user {user_id} sets up"
