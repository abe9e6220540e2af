"""The browsers in which users have proved who they are, each known by a cookie.

The cookie logs no one in. A browser that is known to an account has a count of its own there, which others
can neither reach nor see (https://owasp.org/www-community/Slow_Down_Online_Guessing_Attacks_with_Device_Cookies).
It holds a token for each account of the browser: whoever has that of one account is known to no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import timedelta

from flask import Response, after_this_request, current_app, has_request_context, request
from sqlalchemy import ColumnElement, delete, select, update

from dashboard import clock
from dashboard.accounts.models import KnownDevice, User
from dashboard.accounts.tokens import hash_token
from dashboard.database.inserts import insert_or_update
from dashboard.extensions import db

KNOWN_FOR = timedelta(days=90)
"""How long a browser is known after it was last used to prove who one is."""
DEVICES_PER_USER = 20
ACCOUNTS_PER_BROWSER = 5
TOKEN_BYTES = 24
BETWEEN = "."
"""Stands between the tokens of a cookie; no token holds it."""
MOST_COOKIE = 256  # characters; a longer one is not the console's


def cookie_name() -> str:
    """Return the name of the cookie, which has a prefix where the session's has one."""
    return "__Host-device" if current_app.config["SESSION_COOKIE_SECURE"] else "device"


def known_device(user: User | None) -> str:
    """Return the key of this browser if `user` is known in it, else an empty text."""
    key = user.id if user else 0  # asked in any case: the time must not tell which accounts exist
    its = (KnownDevice.user_id == key, KnownDevice.token_hash.in_([*_tokens()]))
    return db.session.scalar(select(KnownDevice.token_hash).where(*its, *_known())) or ""


def remember_device(user: User, *, logs_in: bool) -> bool:
    """Know this browser from now on; returns whether `user` `logs_in` first here, but did so elsewhere.

    The account has to be locked; the caller commits.
    """
    its = (KnownDevice.user_id == user.id, _is_recent())
    logged_in = select(KnownDevice.token_hash).where(*its, KnownDevice.has_logged_in)
    before = set(db.session.scalars(logged_in))
    key = _keep_token(user)
    known = insert_or_update(db.engine.dialect.name, KnownDevice).values(
        user_id=user.id,
        token_hash=key,
        used_at=clock.now(),
        has_logged_in=logs_in or key in before,
        is_known=True,
    )
    used = {name: known.excluded[name] for name in ("used_at", "has_logged_in")}
    columns = [KnownDevice.user_id, KnownDevice.token_hash]
    db.session.execute(known.on_conflict_do_update(index_elements=columns, set_=used))
    _drop_oldest(user)
    return logs_in and bool(before) and key not in before


def forget_devices(user: User, *, keep: str = "") -> None:
    """Know `user` in no browser any more, except in the one with the key `keep`. The caller commits.

    It is still known that they have logged in before, so that the next login elsewhere is told.
    """
    others = (KnownDevice.user_id == user.id, KnownDevice.token_hash != keep)
    db.session.execute(delete(KnownDevice).where(*others, ~KnownDevice.has_logged_in))
    db.session.execute(update(KnownDevice).where(*others, KnownDevice.is_known).values(is_known=False))


def _drop_oldest(user: User) -> None:
    its = KnownDevice.user_id == user.id
    newest = select(KnownDevice.token_hash).where(its).order_by(KnownDevice.used_at.desc())
    kept = newest.limit(DEVICES_PER_USER)
    db.session.execute(delete(KnownDevice).where(its, KnownDevice.token_hash.not_in(kept)))


def _is_recent() -> ColumnElement[bool]:
    return KnownDevice.used_at > clock.now() - KNOWN_FOR


def _known() -> Sequence[ColumnElement[bool]]:
    return (_is_recent(), KnownDevice.is_known.is_(True))


def _tokens() -> dict[str, str]:
    """Return the tokens in the cookie of this browser, by their hashes."""
    cookie = request.cookies.get(cookie_name(), "") if has_request_context() else ""
    tokens = cookie.split(BETWEEN)[:ACCOUNTS_PER_BROWSER] if 0 < len(cookie) <= MOST_COOKIE else []
    return {hash_token(token): token for token in tokens}


def _keep_token(user: User) -> str:
    """Let this browser keep the token by which it is known to `user`, or give it one; returns its hash.

    The tokens of other accounts stay, up to `ACCOUNTS_PER_BROWSER`. One that was not given to this user is
    not adopted: whoever planted it would be known as this user.
    """
    present = _tokens()
    its = select(KnownDevice.user_id, KnownDevice.token_hash)
    rows = db.session.execute(its.where(KnownDevice.token_hash.in_([*present]), *_known())).all()
    own = next((key for owner, key in rows if owner == user.id), None)
    token = present[own] if own else secrets.token_urlsafe(TOKEN_BYTES)
    of_others = {key for owner, key in rows if owner != user.id} - {own}
    others = [text for key, text in present.items() if key in of_others]
    _store([token, *others][:ACCOUNTS_PER_BROWSER])
    return hash_token(token)


def _store(tokens: Sequence[str]) -> None:
    """Let the answer to this request set the cookie."""
    name, is_secure = cookie_name(), current_app.config["SESSION_COOKIE_SECURE"]

    def store(response: Response) -> Response:
        cookie = BETWEEN.join(tokens)
        response.set_cookie(
            name, cookie, max_age=KNOWN_FOR, httponly=True, samesite="Lax", secure=is_secure, path="/"
        )
        return response

    after_this_request(store)
