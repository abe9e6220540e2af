"""Sessions: rows on the server, reached by an opaque token in Flask's signed cookie.

Ending a session deletes its row, so a copied cookie is dead from the next request on: the signature alone
is not enough.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Flask, g, request, session
from flask_login import AnonymousUserMixin, login_user
from itsdangerous import BadSignature
from sqlalchemy import Update, bindparam, delete, or_, select, update
from sqlalchemy.exc import DBAPIError

from dashboard import clock
from dashboard.accounts import drafts
from dashboard.accounts.known_devices import forget_devices, known_device
from dashboard.accounts.models import BegunLogin, User, UserSession
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.origins import device
from dashboard.accounts.tokens import TOKEN_BYTES, hash_token
from dashboard.database.errors import is_outage
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write, brief_write
from dashboard.extensions import db, login_manager
from dashboard.history.recording import PAST_LEDGER

IDLE = timedelta(hours=8)  # a working day without a request ends the session
LIFETIME = timedelta(days=7)  # even sessions in use end once a week
TOUCH_EVERY = timedelta(minutes=1)
ADDRESS_LENGTH, AGENT_LENGTH = 45, 400

# Built once, since every request runs it: building it takes as long as running it.
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


def start_session(
    user: User,
    *,
    address: str,
    user_agent: str,
    begun_at: datetime | None = None,
    proved_at: datetime | None = None,
) -> str:
    """Begin a session of `user` and return its token: 256 random bits, of which only the hash is stored.

    `begun_at` is when the user logged in, from which `LIFETIME` counts, and `proved_at` when they last proved
    who they are; both now by default.
    The account has to be locked: every transaction locks it before its sessions, so that no two wait for
    each other.
    """
    end_expired_sessions(user)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = UserSession(
        user_id=user.id,
        token_hash=hash_token(token),
        created_at=begun_at or clock.now(),
        proved_at=proved_at or clock.now(),
        address=address[:ADDRESS_LENGTH],
        user_agent="".join(filter(str.isprintable, user_agent))[:AGENT_LENGTH],
    )
    db.session.add(row)
    db.session.execute(_seen(user.id, clock.now()))
    db.session.flush()
    return token


def find_session(token: str) -> UserSession | None:
    """Return the live session of `token` with its account, or None where it has ended or never existed."""
    row: UserSession | None = db.session.scalar(BY_TOKEN, {"token_hash": hash_token(token)})
    return row if row and is_live(row) else None


def is_live(row: UserSession) -> bool:
    """Whether a session is neither idle nor too old, and its account is active."""
    now = clock.now()
    return now - row.last_seen_at < IDLE and now - row.created_at < LIFETIME and row.user.active


def has_session(user_id: int, session_id: int) -> bool:
    """Whether an account has the session with this id; locks it until the transaction ends."""
    its = select(UserSession.id).where(UserSession.user_id == user_id, UserSession.id == session_id)
    return db.session.scalar(for_writing(its, UserSession.id)) is not None


def end_session(user: User, session_id: int) -> bool:
    """End one session of `user`; return False where it is not theirs or has ended already.

    A session does not tell its browser, so all browsers but that of this request are forgotten.
    """
    statement = delete(UserSession).where(UserSession.user_id == user.id, UserSession.id == session_id)
    is_ended = bool(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE counts
    if is_ended:
        forget_devices(user, keep=known_device(user))
    return is_ended


def end_sessions(user: User, *, keep: int | None = None) -> int:
    """End every session of `user` except the one with the id `keep`; returns how many.

    Logins that were only begun end as well, and the browsers are forgotten, but for that of the kept session,
    from which the request comes.
    """
    forget_devices(user, keep=known_device(user) if keep is not None else "")
    db.session.execute(delete(BegunLogin).where(BegunLogin.user_id == user.id))
    statement = delete(UserSession).where(UserSession.user_id == user.id)
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    return int(db.session.execute(statement).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def end_expired_sessions(user: User) -> None:
    """Delete the expired sessions of `user`."""
    now = clock.now()
    expired = or_(UserSession.last_seen_at <= now - IDLE, UserSession.created_at <= now - LIFETIME)
    db.session.execute(delete(UserSession).where(UserSession.user_id == user.id, expired))


def sessions_of(user: User) -> list[SessionView]:
    """Return the live sessions of `user`, the last seen first."""
    rows = db.session.scalars(
        select(UserSession).where(UserSession.user_id == user.id).order_by(UserSession.last_seen_at.desc())
    )
    current = current_session_id()
    return [
        SessionView(r.id, device(r.user_agent), r.address, r.created_at, r.last_seen_at, r.id == current)
        for r in rows
        if is_live(r)
    ]


def proof_of(row: UserSession) -> datetime:
    """Return when the user of a session last proved who they are."""
    return row.proved_at or row.created_at


def current_session_id() -> int | None:
    """Return the id of the session of this request, or None."""
    session_id: int | None = g.get("session_id")
    return session_id


def current_proof() -> datetime | None:
    """Return when the user of this request last proved in this session who they are; None without one."""
    proved_at: datetime | None = g.get("proved_at")
    return proved_at


def log_in(user: User, *, begun_at: datetime | None = None, proved_at: datetime | None = None) -> None:
    """Give this browser a new session of `user`; see `start_session` for `begun_at` and `proved_at`.

    The cookie that the browser sent is dropped first: a planted session is never adopted, an older
    session of this browser ends, and the CSRF token is replaced.
    """
    forget_browser()
    drafts.sweep()
    if drafts.drafts_of(user.id):
        session[drafts.HAS_DRAFTS] = True
    address, agent = request.remote_addr or "", request.user_agent.string
    user.token = start_session(
        user, address=address, user_agent=agent, begun_at=begun_at, proved_at=proved_at
    )
    login_user(user)


def forget_browser() -> None:
    """End the session of this browser, if it has one, and drop the contents of its cookie."""
    if old := session.get("_user_id"):
        db.session.execute(delete(UserSession).where(UserSession.token_hash == hash_token(str(old))))
    session.clear()


def renew_session(user: User, *, proved: bool = False, restarted: bool = False) -> None:
    """Replace the session of this browser, so that copies of its cookie are dead.

    `proved` says that `user` proved who they are in this request. The new session expires when the old one
    would have, unless it is `restarted`. Call `flows.begin_own_write` first, which checks that the old one
    has not ended.
    """
    old = db.session.get_one(UserSession, current_session_id())
    begun_at, proved_at = old.created_at, proof_of(old)
    log_in(user, begun_at=None if restarted else begun_at, proved_at=None if proved else proved_at)


def log_out() -> bool:
    """End the session of this request, in the browser and on the server.

    Returns False where the database cannot be written: a copy of the cookie then works until the session
    expires. The browser drops the cookie in any case.
    """
    token = session.get("_user_id")
    session.clear()
    g._login_user = AnonymousUserMixin()  # or the page would ask the database for the user
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
    # First the session, then the drafts, as when an account is deleted: or the two could deadlock.
    if owner := db.session.scalar(ended.returning(UserSession.user_id)):
        drafts.discard_all(owner)
        user = db.session.get_one(User, owner)
        log_event(Event.LOGGED_OUT, user, by=user)


def init_sessions(app: Flask) -> None:
    """Let Flask-Login find the account of a request by its session row."""
    login_manager.session_protection = None  # a changed address does not prove theft
    login_manager.user_loader(load_user)
    login_manager.init_app(app)


def load_user(token: str) -> User | None:
    """Return the account of a cookie's token, and record when it was last seen."""
    row = find_session(token)
    if row is None:
        return None
    g.session_id, g.proved_at = row.id, proof_of(row)
    row.user.token = token
    if clock.now() - row.last_seen_at > TOUCH_EVERY:
        _touch(row)
    return row.user


def _touch(row: UserSession) -> None:
    """Record that a session was seen, in a transaction of its own: a page must not wait for a lock."""
    now = clock.now()
    try:
        with brief_write(db.engine) as connection:
            connection.execute(update(UserSession).where(UserSession.id == row.id).values(last_seen_at=now))
            connection.execute(_seen(row.user_id, now))
    except DBAPIError as error:
        if not is_outage(error):
            raise
        log.info("The time when session %s was last seen could not be recorded: %s", row.id, error.orig)


def _seen(user_id: int, now: datetime) -> Update:
    # `updated_at` is when the account was changed, so it stays the same.
    seen = update(User).where(User.id == user_id).values(last_seen_at=now, updated_at=User.updated_at)
    return seen.execution_options(**PAST_LEDGER)  # the history does not record it


def cookie_contents(app: Flask, cookie: str) -> dict[str, object] | None:
    """Return the contents of a session cookie, or None where its signature is invalid."""
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    try:
        contents: dict[str, object] = serializer.loads(cookie)
    except (BadSignature, UnicodeEncodeError):
        return None
    return contents
