"""Accounts and their sessions, in an application context."""

from itertools import count
from typing import Any

from flask import current_app
from sqlalchemy import select

from dashboard.accounts.flows import create_account
from dashboard.accounts.invitations.flows import invite
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.one_time_links import Purpose, issue
from dashboard.accounts.sessions import start_session
from dashboard.extensions import db
from dashboard.permissions import Role

PASSWORD = "plum orbit lantern 42"  # of every account
NEW_PASSWORD = "copper violin drizzle 77"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0"

_numbers = count(1)


def email_of(role: str) -> str:
    """The address of the account of a role."""
    return f"{role}@example.test"


def an_account(role: str = "viewer", *, email: str = "", active: bool = True, **fields: Any) -> User:
    """A new account with the password `PASSWORD`; `fields` are set as they are, such as ``created_at``."""
    user = create_account(email or f"person{next(_numbers)}@example.test", PASSWORD, role=Role(role))
    user.active = active
    for name, value in fields.items():
        setattr(user, name, value)
    db.session.flush()
    return user


def the_account(who: str) -> User:
    """The account with the address `who`, or of the role `who`; created if it is missing."""
    email = who if "@" in who else email_of(who)
    user = db.session.scalar(select(User).where(User.email == email))
    return user or an_account(who, email=email)


def an_invitation(email: str = "", *, role: str = "viewer", name: str = "") -> tuple[User, str]:
    """A new account of an invited user, and the token of the invitation."""
    return invite(email or f"person{next(_numbers)}@example.test", role=Role(role), name=name)


def a_reset(user: User) -> str:
    """The token of a new link that resets a password."""
    return issue(user, Purpose.RESET, None)


def a_session(user: User, *, address: str = "203.0.113.7", user_agent: str = FIREFOX, **fields: Any) -> str:
    """The token of a new session; `fields` are set as they are, such as ``last_seen_at``."""
    token = start_session(user, address=address, user_agent=user_agent)
    row = db.session.scalars(select(UserSession).order_by(UserSession.id.desc()).limit(1)).one()
    for name, value in fields.items():
        setattr(row, name, value)
    db.session.flush()
    return token


def session_cookie(contents: dict[str, Any]) -> str:
    """A session cookie with these contents, signed as the application signs its own."""
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return str(serializer.dumps(contents))


def storage_state(cookie: str, name: str = "session") -> dict[str, Any]:
    """The storage state of a browser context at this machine with a session cookie called `name`."""
    where = {"domain": "127.0.0.1", "path": "/", "expires": -1}
    flags = {"httpOnly": True, "secure": False, "sameSite": "Lax"}
    return {"cookies": [{"name": name, "value": cookie, **where, **flags}], "origins": []}
