"""Sessions: rows on the server, reached by an opaque token in Flask's signed cookie.

Ending a session deletes its row, so a copied cookie is dead from the next request on; the signature alone
admits nobody.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import Flask, g, request, session
from flask_login import AnonymousUserMixin, login_user
from itsdangerous import BadSignature
from sqlalchemy import Update, bindparam, delete, or_, select, update
from sqlalchemy.exc import DBAPIError
from ua_parser import parse

from dashboard import clock
from dashboard.accounts import drafts
from dashboard.accounts.models import User, UserSession
from dashboard.database.errors import is_outage
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write, brief_write
from dashboard.extensions import db, login_manager
from dashboard.history.recording import PAST_LEDGER

IDLE = timedelta(hours=8)  # a working day away from the desk ends the session
LIFETIME = timedelta(days=7)  # whatever happens, log in again once a week
TOUCH_EVERY = timedelta(minutes=1)
TOKEN_BYTES = 32
ADDRESS_LENGTH, AGENT_LENGTH = 45, 400

# Made once, for every request runs it: building it anew takes as long as running it.
BY_TOKEN = select(UserSession).where(UserSession.token_hash == bindparam("token_hash"))

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class SessionView:
    """A session as its owner sees it."""

    id: int
    device: str
    address: str
    started_at: datetime
    last_seen_at: datetime
    is_current: bool


def start_session(user: User, *, address: str, user_agent: str, begun_at: datetime | None = None) -> str:
    """Begin a session of `user` and return its token: 256 random bits, of which only the hash is kept.

    `begun_at` is when the user proved who they are, which bounds its life; the present moment by default.
    The account has to be locked: everybody locks it before its sessions, so that no two wait for each other.
    """
    end_expired_sessions(user)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = UserSession(
        user_id=user.id,
        token_hash=hash_token(token),
        created_at=begun_at or clock.now(),
        address=address[:ADDRESS_LENGTH],
        user_agent="".join(filter(str.isprintable, user_agent))[:AGENT_LENGTH],
    )
    db.session.add(row)
    db.session.execute(_seen(user.id, clock.now()))
    db.session.flush()
    return token


def hash_token(token: str) -> str:
    """The form in which a token is stored: SHA-256, hex. Enough for 256 random bits."""
    return sha256(token.encode()).hexdigest()


def find_session(token: str) -> UserSession | None:
    """The live session of `token` with its account, or None where it ended, expired or never was."""
    row: UserSession | None = db.session.scalar(BY_TOKEN, {"token_hash": hash_token(token)})
    return row if row and is_live(row) else None


def is_live(row: UserSession) -> bool:
    """Whether a session may still be used: neither idle nor old, and its account active."""
    now = clock.now()
    return now - row.last_seen_at < IDLE and now - row.created_at < LIFETIME and row.user.active


def has_session(user_id: int, session_id: int) -> bool:
    """Whether an account still has the session with this id, which nobody ends until the transaction does."""
    its = select(UserSession.id).where(UserSession.user_id == user_id, UserSession.id == session_id)
    return db.session.scalar(for_writing(its, UserSession.id)) is not None


def end_session(user: User, session_id: int) -> bool:
    """End one session of `user`; False where it is not theirs or has ended already."""
    statement = delete(UserSession).where(UserSession.user_id == user.id, UserSession.id == session_id)
    return bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def end_sessions(user: User, *, keep: int | None = None) -> int:
    """End every session of `user`, but for the one with the id `keep`; returns how many."""
    statement = delete(UserSession).where(UserSession.user_id == user.id)
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def end_expired_sessions(user: User) -> None:
    """Remove what is left of sessions that nobody can use any more."""
    now = clock.now()
    expired = or_(UserSession.last_seen_at <= now - IDLE, UserSession.created_at <= now - LIFETIME)
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, expired))


def sessions_of(user: User) -> list[SessionView]:
    """The live sessions of `user`, the latest seen first."""
    rows = db.session.scalars(
        select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.last_seen_at.desc())
    )
    current = current_session_id()
    return [
        SessionView(r.id, device(r.user_agent), r.address, r.created_at, r.last_seen_at, r.id == current)
        for r in rows
        if is_live(r)
    ]


def device(user_agent: str) -> str:
    """Name a browser and its system in words people know, such as "Chrome on Linux"."""
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else "Unknown browser"
    return f"{browser} on {found.os.family}" if found.os else browser


def current_session_id() -> int | None:
    """The id of the session that this request came with."""
    session_id: int | None = g.get("session_id")
    return session_id


def log_in(user: User, *, begun_at: datetime | None = None) -> None:
    """Give this browser a new session of `user`, see `start_session` for `begun_at`.

    Whatever the browser brought is dropped first: an id set by somebody else is never adopted, an older
    session of this browser is ended, and the CSRF token is made anew.
    """
    if old := session.get("_user_id"):
        db.session.execute(delete(UserSession).where(UserSession.token_hash == hash_token(str(old))))
    session.clear()
    drafts.sweep()
    if drafts.drafts_of(user.id):
        session[drafts.HAS_DRAFTS] = True
    address, agent = request.remote_addr or "", request.user_agent.string
    user.token = start_session(user, address=address, user_agent=agent, begun_at=begun_at)
    login_user(user)


def renew_session(user: User, *, proved: bool = False) -> None:
    """Give this browser a new session in place of the one it has, so that a copy of its cookie is dead.

    It ends when the old one would have, unless `user` `proved` who they are in this request. Comes after
    `flows.begin_own_write`, which sees to it that the old one is not over.
    """
    old = db.session.get_one(UserSession, current_session_id())
    log_in(user, begun_at=None if proved else old.created_at)


def log_out() -> bool:
    """Forget the session of this request in the browser, and end it on the server.

    Returns False where the database could not be written: who has a copy of the cookie may use it until the
    session lapses. The browser forgets it in any case.
    """
    token = session.get("_user_id")
    session.clear()
    g._login_user = AnonymousUserMixin()  # so that nothing asks the database who this is
    try:
        begin_write(db.session)
        if token:
            _end_with_drafts(str(token))
        db.session.commit()
    except DBAPIError as error:
        if not is_outage(error):
            raise
        log.error("A session could not be ended when its user logged out: %s", error.orig)
        db.session.remove()
        return False
    return True


def _end_with_drafts(token: str) -> None:
    ended = delete(UserSession).where(UserSession.token_hash == hash_token(token))
    # The session before the drafts, as deleting an account does: else the two could deadlock.
    if owner := db.session.scalar(ended.returning(UserSession.user_id)):
        drafts.discard_all(owner)


def init_sessions(app: Flask) -> None:
    """Let Flask-Login find the account of a request through its session row."""
    login_manager.session_protection = None  # the row decides; a changed address is no proof of theft
    login_manager.user_loader(load_user)
    login_manager.init_app(app)


def load_user(token: str) -> User | None:
    """The account behind a cookie's token, noting that it was seen."""
    row = find_session(token)
    if row is None:
        return None
    g.session_id = row.id
    row.user.token = token
    if clock.now() - row.last_seen_at > TOUCH_EVERY:
        _touch(row)
    return row.user


def _touch(row: UserSession) -> None:
    """Note when a session was last seen, in a transaction of its own: reading a page must not wait for it."""
    now = clock.now()
    try:
        with brief_write(db.engine) as connection:
            connection.execute(update(UserSession).where(UserSession.id == row.id).values(last_seen_at=now))
            connection.execute(_seen(row.user_id, now))
    except DBAPIError as error:
        if not is_outage(error):
            raise
        log.info("Session %s will be noted as seen later: %s", row.id, error.orig)


def _seen(user_id: int, now: datetime) -> Update:
    # `updated_at` tells when somebody changed the account; being seen is no such change.
    seen = update(User).where(User.id == user_id).values(last_seen_at=now, updated_at=User.updated_at)
    return seen.execution_options(**PAST_LEDGER)  # which does not keep it


def cookie_contents(app: Flask, cookie: str) -> dict[str, object] | None:
    """What a session cookie holds, or None where its signature is not ours."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    try:
        contents: dict[str, object] = serializer.loads(cookie)
    except (BadSignature, UnicodeEncodeError):
        return None
    return contents
