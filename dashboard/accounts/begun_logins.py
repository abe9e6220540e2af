"""Logins that were begun and wait for a second factor. Flows change and flush; the caller commits."""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from dashboard import clock
from dashboard.accounts.flows import lock_account
from dashboard.accounts.models import BegunLogin, User
from dashboard.accounts.tokens import TOKEN_BYTES, hash_token
from dashboard.database.locks import not_locked
from dashboard.extensions import db

LASTS = timedelta(minutes=10)


def begin_login(user: User) -> str:
    """Return the token of a login that `user`, whose account is locked, has to finish within `LASTS`."""
    # Rows that another login is deleting at the moment are skipped, or one would wait for the other.
    expired = not_locked(select(BegunLogin.token_hash).where(BegunLogin.expires_at <= clock.now()))
    db.session.execute(delete(BegunLogin).where(BegunLogin.token_hash.in_(expired)))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = BegunLogin(token_hash=hash_token(token), user_id=user.id, expires_at=clock.now() + LASTS)
    db.session.add(row)
    db.session.flush()
    return token


def beginner(token: str) -> User | None:
    """Return the user who began the login of a token; None where it has expired, ended or never existed."""
    its = (BegunLogin.token_hash == hash_token(token), BegunLogin.expires_at > clock.now())
    row: BegunLogin | None = db.session.scalar(select(BegunLogin).where(*its))
    return row.user if row and row.user.active else None


def end_begun(token: str) -> User | None:
    """Use up a begun login, and return its user, locked; None where it has ended or another was faster."""
    found = beginner(token)
    user = lock_account(found.id) if found else None
    ended = delete(BegunLogin).where(BegunLogin.token_hash == hash_token(token))
    is_ended = bool(db.session.execute(ended).rowcount)  # type: ignore[attr-defined]  # a DELETE counts
    return user if user and user.active and is_ended else None
