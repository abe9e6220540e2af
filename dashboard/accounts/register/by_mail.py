"""Registering by a link in a mail: whoever opens it has the address, and then chooses the password.

The password is not chosen before: or a user who opens the link that another asked for would have an account
whose password that other knows.
"""

from __future__ import annotations

import secrets
from datetime import timedelta

from sqlalchemy import delete, select

from dashboard import clock
from dashboard.accounts.flows import add_account
from dashboard.accounts.models import User
from dashboard.accounts.passwords import hash_password
from dashboard.accounts.register.models import Registration
from dashboard.accounts.tokens import TOKEN_BYTES, hash_token
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.permissions import Role

LASTS = timedelta(hours=24)


def issue_registration(email: str) -> str:
    """Return the token of a new link for registering with `email`; an earlier one stops working."""
    ended = (Registration.email == email) | (Registration.expires_at <= clock.now())
    db.session.execute(delete(Registration).where(ended))
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = Registration(email=email, token_hash=hash_token(token), expires_at=clock.now() + LASTS)
    db.session.add(row)
    db.session.flush()
    return token


def registering_email(token: str) -> str | None:
    """Return the email that a link is for; None where the link is unknown, used or expired."""
    its = (Registration.token_hash == hash_token(token), Registration.expires_at > clock.now())
    email: str | None = db.session.scalar(select(Registration.email).where(*its))
    return email


def finish_registration(token: str, password: str, role: Role) -> User | None:
    """Use up a link and create the account; None where the link does not work any more.

    Begins the write transaction, after the slow hashing. Raises Refusal where there is an account with the
    email by then.
    """
    password_hash = hash_password(password)
    begin_write(db.session)
    its = (Registration.token_hash == hash_token(token), Registration.expires_at > clock.now())
    email = db.session.scalar(delete(Registration).where(*its).returning(Registration.email))
    return add_account(email, password_hash, role, "") if email else None
