"""Challenges: what a passkey signs, so that no answer counts twice, later, elsewhere or for something else.

A challenge carries its own proof that the console made it, for one purpose, one user and the session of one
browser. So a page that is only opened stores nothing; what is stored is which challenges were used.
"""

from __future__ import annotations

import re
import secrets
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from hashlib import sha256

from flask import current_app, session
from flask_wtf.csrf import generate_csrf
from sqlalchemy import delete, select

from dashboard import clock
from dashboard.accounts.passkeys.models import UsedChallenge
from dashboard.database.inserts import insert_or_update
from dashboard.database.locks import not_locked
from dashboard.extensions import db
from dashboard.web.signing import derive_token, is_derived_token

LASTS = timedelta(minutes=5)
NONCE_BYTES = 16
SHAPE = re.compile(r"(\d{1,11})\.([0-9a-f]{32})\.([0-9a-f]{64})", re.ASCII)
BROWSER = "csrf_token"
"""The key of the browser's session with random bits of its own, which end with the session."""


class Purpose(StrEnum):
    """The reason why a passkey is asked for."""

    ADD = "add"
    LOG_IN = "log in"
    SECOND_STEP = "second step"
    PROVE = "prove"


def new_challenge(purpose: Purpose, user_id: int = 0) -> bytes:
    """Return a challenge for the browser of this request; `user_id` is 0 where no user is known yet."""
    generate_csrf()  # makes the random bits where there are none yet
    expires, nonce = int((clock.now() + LASTS).timestamp()), secrets.token_hex(NONCE_BYTES)
    token = derive_token(current_app, _described(purpose, user_id, expires, nonce))
    return f"{expires}.{nonce}.{token}".encode()


def is_ours(challenge: bytes, purpose: Purpose, user_id: int = 0) -> bool:
    """Whether a challenge was made for this purpose, user and browser, and has not expired."""
    found = SHAPE.fullmatch(challenge.decode(errors="replace"))
    if found is None or BROWSER not in session:
        return False
    expires, nonce, token = int(found[1]), found[2], found[3]
    described = _described(purpose, user_id, expires, nonce)
    is_derived = is_derived_token(current_app, described, token)
    return is_derived and clock.now().timestamp() < expires


def use_up(challenge: bytes) -> bool:
    """Use up a challenge; returns whether no other answer was faster. The caller commits."""
    _sweep()
    [expires, *_] = challenge.decode().split(".")
    row = insert_or_update(db.engine.dialect.name, UsedChallenge).values(
        digest=sha256(challenge).hexdigest(), expires_at=datetime.fromtimestamp(int(expires), UTC)
    )
    added = row.on_conflict_do_nothing(index_elements=[UsedChallenge.digest])
    return db.session.scalar(added.returning(UsedChallenge.digest)) is not None


def _sweep() -> None:
    # Rows that another request is deleting at the moment are skipped, or one would wait for the other.
    expired = not_locked(select(UsedChallenge.digest).where(UsedChallenge.expires_at <= clock.now()))
    db.session.execute(delete(UsedChallenge).where(UsedChallenge.digest.in_(expired)))


def _described(purpose: Purpose, user_id: int, expires: int, nonce: str) -> str:
    return f"passkey challenge to {purpose}, user {user_id}, until {expires}, {nonce}, {session[BROWSER]}"
