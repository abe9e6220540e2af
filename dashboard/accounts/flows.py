"""Creating accounts, logging in, and changes of one's own account.

Flows change and flush; the caller commits.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH, User
from dashboard.accounts.one_time_links import end_links
from dashboard.accounts.passwords import (
    hash_password,
    matching_form,
    needs_rehash,
    normal_form,
    verify_password,
)
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.sessions import end_sessions, has_session
from dashboard.bounds import TRIMMED, excess
from dashboard.database.locks import for_writing, serialise
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.text.titles import reads_like_address, title_fault

OWNERS = "owners"  # the lock for asking who is the last owner or makes the first account


class LoggedOut(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """The session of a request ended while the request was being answered."""


def normalise_email(text: str) -> str:
    """Return an email in the form in which it is stored; raises Refusal with the reason."""
    address = text.strip()
    if len(address) > EMAIL_LENGTH:  # before validating: a megabyte takes more than a second
        raise Refusal(f"An email can have at most {EMAIL_LENGTH} characters.")
    try:
        # Addresses under .test are accepted for trials; whether mail arrives is not checked.
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refusal(str(error)) from error
    email = found.normalized.lower()
    if len(email) > EMAIL_LENGTH:
        raise Refusal(f"An email can have at most {EMAIL_LENGTH} characters.")
    return email


def clean_person_name(text: str) -> str:
    """Return a name, trimmed, in Unicode's composed form; may be empty. Raises Refusal where invalid."""
    fault = excess(text, NAME_LENGTH, TRIMMED)
    name = "" if fault else unicodedata.normalize("NFC", text).strip()
    fault = fault or excess(name, NAME_LENGTH) or (title_fault(name) if name else None)
    if fault:
        raise Refusal(fault, "name")
    return name


def rename_account(user: User, text: str) -> None:
    """Give `user` a name; raises Refusal for an invalid name and for one that reads like another email.

    An unchanged name is accepted, since it may be older than these rules.
    """
    if text == user.name:
        return
    name = clean_person_name(text)
    if reads_like_address(name, user.email):
        raise Refusal("A name can't contain an email other than the account's own.", "name")
    user.name = name


def find_account(email: str) -> User | None:
    """Return the account with this email, in upper or lower case, or None."""
    try:
        address = normalise_email(email)
    except Refusal:
        return None
    user: User | None = db.session.scalar(select(User).where(User.email == address))
    return user


def no_accounts_yet() -> bool:
    """Whether there is no account at all."""
    return db.session.scalar(select(User.id).limit(1)) is None


def create_account(
    email: str, password: str, *, role: Role | str, name: str = "", begin: Callable[[], None] = lambda: None
) -> User:
    """Create an account; raises Refusal where the email is taken or invalid.

    `begin` begins the write transaction if the caller has not: after the slow hashing.
    """
    password_hash = hash_password(password)
    begin()
    return add_account(email, password_hash, Role(role), name)


def register_account(email: str, password: str, *, default_role: Role | None) -> User:
    """Create the account of a user who registers; the first account becomes the owner.

    `default_role` is the role of all later accounts, None where only the first may register. Begins the
    write transaction itself, after the slow hashing. Two first registrations at the same time are
    serialised, so that only one becomes the owner. Raises Refusal.
    """
    password_hash = hash_password(password)
    begin_write(db.session)
    serialise(db.session, OWNERS)
    role = Role.OWNER if no_accounts_yet() else default_role
    if role is None:
        raise Refusal("Another user has just registered the first account. Ask them for yours.")
    return add_account(email, password_hash, role, "")


def add_account(email: str, password_hash: str, role: Role, name: str, *, has_joined: bool = False) -> User:
    """Add an account, of an invited user where `password_hash` is empty, unless it `has_joined` without one.

    Raises Refusal where the email is taken or invalid, or the name invalid.
    """
    email = normalise_email(email)
    taken = Refusal("An account with this email already exists.", "email")
    if find_account(email):
        raise taken
    joined_at = clock.now() if has_joined or password_hash else None
    user = User(email=email, name="", password_hash=password_hash, role=role, joined_at=joined_at)
    rename_account(user, name)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:  # another request was faster; the email is the only key
        raise taken from error
    return user


def authenticate(email: str, password: str) -> User | None:
    """Return the account of `email` if it is active and `password` is its password, else None.

    Takes the same time whether or not the account exists. On success the write transaction has begun, and a
    hash made with older parameters, or not from the normal form, has been replaced.
    """
    user = find_account(email)
    known_hash = user.password_hash if user else None
    form = matching_form(known_hash, password)
    if form is None or user is None or not user.active:
        return None
    is_outdated = needs_rehash(user.password_hash) or form != normal_form(password)
    new_hash = hash_password(password) if is_outdated else None
    key = user.id
    begin_write(db.session)
    user = lock_account(key)  # or PostgreSQL lets a change end all sessions except this new one
    if user is None or not user.active or not _still_holds(user, known_hash, password):
        return None
    user.password_hash = new_hash or user.password_hash
    return user


def _still_holds(user: User, known_hash: str | None, password: str) -> bool:
    # The hash may have changed in the meantime: to that of another password, or, by another login at the same
    # moment, to one with newer parameters.
    return user.password_hash == known_hash or verify_password(user.password_hash, password)


def lock_account(key: int) -> User | None:
    """Lock the account with this id until the transaction ends, and return it as stored now, or None."""
    user: User | None = db.session.scalar(for_writing(select(User).where(User.id == key), User.id))
    return user


def begin_own_write(key: int, session: int | None) -> None:
    """Begin a transaction in which a user changes their own account, and lock that account.

    Raises LoggedOut if the account is gone or the session with the id `session` has ended, so that a user who
    was just logged out changes nothing. `session` is None where there is no session.
    """
    begin_write(db.session)
    if lock_account(key) is None or not (session is None or has_session(key, session)):
        raise LoggedOut


def change_password(user: User, new_password: str, *, keep_session: int | None) -> None:
    """Give `user` a new password and end their other sessions. Begins the write transaction.

    Raises LoggedOut where the session `keep_session` has ended, for example because another request changed
    the password while this one was being hashed.
    """
    new_hash = hash_password(new_password)
    begin_own_write(user.id, keep_session)
    user.password_hash = new_hash
    end_sessions(user, keep=keep_session)
    end_links(user)
    log_event(Event.PASSWORD_CHANGED, user)
    db.session.flush()
