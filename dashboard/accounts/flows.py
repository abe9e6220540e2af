"""What can be done to accounts, and by whom. Flows change and flush; the caller commits."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Sequence

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH, User
from dashboard.accounts.passwords import (
    hash_password,
    matching_form,
    needs_rehash,
    normal_form,
    verify_password,
)
from dashboard.accounts.sessions import end_sessions, has_session
from dashboard.bounds import TRIMMED, excess
from dashboard.database.locks import for_writing, serialise
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.models import Action
from dashboard.history.recording import Entry, record
from dashboard.permissions import Access, Role, can
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.text.titles import reads_like_address, title_fault

ACCOUNTS = "accounts"  # the lock for changing what others may do
OWNERS = "owners"  # the lock that makes "the last owner" and "the first account" questions with one answer


class SignedOut(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """The session of a request ended while it was being answered."""


def normalise_email(text: str) -> str:
    """Return an e-mail address in the form in which it is stored; raises Refusal with the reason."""
    address = text.strip()
    if len(address) > EMAIL_LENGTH:  # before it is looked at: a megabyte takes more than a second
        raise Refusal(f"An e-mail address has at most {EMAIL_LENGTH} characters.")
    try:
        # Addresses under .test stay usable for trials; whether mail arrives is not asked here.
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refusal(str(error)) from error
    email = found.normalized.lower()
    if len(email) > EMAIL_LENGTH:
        raise Refusal(f"An e-mail address has at most {EMAIL_LENGTH} characters.")
    return email


def clean_person_name(text: str) -> str:
    """A name, trimmed, in Unicode's composed form; may be empty. Raises Refusal for what is no name."""
    fault = excess(text, NAME_LENGTH, TRIMMED)
    name = "" if fault else unicodedata.normalize("NFC", text).strip()
    fault = fault or excess(name, NAME_LENGTH) or (title_fault(name) if name else None)
    if fault:
        raise Refusal(fault, "name")
    return name


def rename_account(user: User, text: str) -> None:
    """Give `user` a name; raises Refusal for what is no name or reads like another user's address.

    A name that does not change is accepted, though it may be older than these rules.
    """
    if text == user.name:
        return
    name = clean_person_name(text)
    if reads_like_address(name, user.email):
        raise Refusal("A name cannot hold an email address other than the account's own.", "name")
    user.name = name


def find_account(email: str) -> User | None:
    """The account with this address, however it is written."""
    try:
        address = normalise_email(email)
    except Refusal:
        return None
    user: User | None = db.session.scalar(select(User).where(User.email == address))
    return user


def no_accounts_yet() -> bool:
    """Whether nobody has ever registered here."""
    return db.session.scalar(select(User.id).limit(1)) is None


def create_account(
    email: str, password: str, *, role: Role | str, name: str = "", begin: Callable[[], None] = lambda: None
) -> User:
    """Make an account; raises Refusal where the address is taken or not one.

    `begin` begins the writing transaction where there is none yet: after the slow hashing.
    """
    password_hash = hash_password(password)
    begin()
    return _add_account(email, password_hash, Role(role), name)


def register_account(email: str, password: str, *, default_role: Role | None) -> User:
    """Make an account for somebody who registers; the first one ever becomes the owner.

    `default_role` is what everybody else gets, None where nobody else may register. Begins the writing
    transaction itself, after the slow hashing. Two racing first registrations are serialised, so that one
    of them makes the owner. Raises Refusal.
    """
    password_hash = hash_password(password)
    begin_write(db.session)
    serialise(db.session, OWNERS)
    role = Role.OWNER if no_accounts_yet() else default_role
    if role is None:
        raise Refusal("Somebody else has just registered the first account; ask them for yours.")
    return _add_account(email, password_hash, role, "")


def _add_account(email: str, password_hash: str, role: Role, name: str) -> User:
    email = normalise_email(email)
    taken = Refusal("An account with this e-mail address exists already.")
    if find_account(email):
        raise taken
    user = User(email=email, name="", password_hash=password_hash, role=role)
    rename_account(user, name)
    db.session.add(user)
    try:
        db.session.flush()
    except IntegrityError as error:  # somebody was faster; the address is the only key
        raise taken from error
    return user


def authenticate(email: str, password: str) -> User | None:
    """The account of `email` if `password` is its password and it is active.

    Costs the same whether or not the account exists. On success the writing transaction has begun, and a
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
    user = lock_account(key)  # else PostgreSQL lets a change end all sessions but this new one
    if user is None or not user.active or not _still_holds(user, known_hash, password):
        return None
    user.password_hash = new_hash or user.password_hash
    return user


def _still_holds(user: User, known_hash: str | None, password: str) -> bool:
    # It may have changed during the hashing: to another password, or to a hash with newer parameters, by
    # another log-in at the same moment.
    return user.password_hash == known_hash or verify_password(user.password_hash, password)


def lock_account(key: int) -> User | None:
    """The account with this id as it is stored now, and stays until the transaction ends."""
    user: User | None = db.session.scalar(for_writing(select(User).where(User.id == key), User.id))
    return user


def begin_own_write(key: int, session: int | None) -> None:
    """Begin a user's writing transaction about their own account, and lock that account.

    Raises SignedOut if the account is gone or the session with the id `session` has ended, so that a user who
    was just logged out changes nothing. Without a session, `session` is None.
    """
    begin_write(db.session)
    if lock_account(key) is None or not (session is None or has_session(key, session)):
        raise SignedOut


def change_password(user: User, new_password: str, *, keep_session: int | None) -> None:
    """Give `user` a new password and end their other sessions. Begins the writing transaction.

    Raises SignedOut where the session that is to be kept has ended, as it has where another request changed
    the password while this one was being hashed.
    """
    new_hash = hash_password(new_password)
    begin_own_write(user.id, keep_session)
    user.password_hash = new_hash
    end_sessions(user, keep=keep_session)
    db.session.flush()


def manage_accounts() -> None:
    """Let one user at a time change the accounts of others, until the transaction ends.

    Two admins may deactivate each other at once, so read what each may do after this call.
    """
    serialise(db.session, ACCOUNTS)


def grantable_roles(actor: User) -> list[Role]:
    """The roles `actor` may give: none above their own."""
    return [role for role in Role if role.rank <= actor.role.rank]


def may_manage(actor: User, subject: User) -> bool:
    """Whether `actor` may change, deactivate or delete `subject`: somebody else, not above them."""
    return (
        can(actor, registry().of(User).permission(Access.WRITE))
        and actor.id != subject.id
        and subject.role.rank <= actor.role.rank
    )


def change_account(actor: User, subject: User, *, name: str, role: Role) -> None:
    """Set the name and the role of `subject`; raises Refusal where `actor` may not."""
    _refuse_unmanageable(actor, subject, allow_self=role == subject.role)
    if role not in grantable_roles(actor):
        raise Refusal("You cannot give a role above your own.")
    if role != Role.OWNER:
        _keep_an_owner([subject])
    rename_account(subject, name)
    subject.role = role
    db.session.flush()


def deactivate_accounts(actor: User, subjects: Sequence[User]) -> int:
    """Shut accounts out and end their sessions; returns how many. Raises Refusal, changing none."""
    _refuse_unmanageable(actor, *subjects)
    _keep_an_owner(subjects)
    for subject in subjects:
        subject.active = False
        end_sessions(subject)
    db.session.flush()
    return len(subjects)


def reactivate_accounts(actor: User, subjects: Sequence[User]) -> int:
    """Let accounts in again; returns how many. Raises Refusal, changing none."""
    _refuse_unmanageable(actor, *subjects)
    for subject in subjects:
        subject.active = True
    db.session.flush()
    return len(subjects)


def delete_accounts(actor: User, subjects: Sequence[User]) -> int:
    """Delete accounts with their sessions; returns how many. Raises Refusal, changing none."""
    _refuse_unmanageable(actor, *subjects)
    _keep_an_owner(subjects)
    for subject in subjects:
        db.session.delete(subject)
    db.session.flush()
    return len(subjects)


def log_out_everywhere(actor: User, subjects: Sequence[User]) -> int:
    """End every session of others; returns how many. Raises Refusal, ending none."""
    _refuse_unmanageable(actor, *subjects)
    return sum(end_sessions(subject) for subject in subjects)


def record_export(keys: Sequence[int]) -> None:
    """Keep in the history that the data of these accounts left the console (security line 89)."""
    record(db.session, (Entry(User.__tablename__, key, Action.EXPORT, None, {}) for key in keys))


def _refuse_unmanageable(actor: User, *subjects: User, allow_self: bool = False) -> None:
    for subject in subjects:
        if subject.id == actor.id and allow_self:
            continue
        if subject.id == actor.id:
            raise Refusal("You cannot do this to your own account; ask another owner or admin.")
        if not may_manage(actor, subject):
            raise Refusal(f"Only an owner can manage {subject.email}.")


def _keep_an_owner(leaving: Collection[User]) -> None:
    """Raise Refusal where no active owner would be left without `leaving`."""
    if not any(user.role == Role.OWNER and user.active for user in leaving):
        return
    serialise(db.session, OWNERS)
    staying = select(func.count()).where(
        User.role == Role.OWNER, User.active.is_(True), User.id.not_in([user.id for user in leaving])
    )
    if not db.session.scalar(staying):
        raise Refusal("There must be at least one active owner. Make another user an owner first.")
