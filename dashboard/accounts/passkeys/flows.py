"""Adding passkeys, using, renaming and removing them. Flows change and flush."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from dashboard import clock
from dashboard.accounts.flows import begin_own_write, lock_account
from dashboard.accounts.models import User
from dashboard.accounts.passkeys.answers import Answer, Use, checked_new, checked_use
from dashboard.accounts.passkeys.challenges import Purpose, is_ours, use_up
from dashboard.accounts.passkeys.models import Passkey
from dashboard.accounts.passkeys.relying_party import our_party
from dashboard.accounts.second_factor.factors import has_other_factor
from dashboard.accounts.second_factor.flows import factor_added, factor_removed
from dashboard.accounts.second_factor.required import NEEDED, is_required
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.refusal import Refusal

NAME = "passkey"
MOST = 20
"""How many passkeys a user can have."""
NOT_GOOD = "The passkey was not added. The page may have been open for too long: try again."
TOO_MANY = f"You can have at most {MOST} passkeys. Remove one first."
IN_USE = "This passkey is already in use."
NO_PASSWORD = "Choose a password first. Without a passkey you couldn't log in any more."  # noqa: S105


def passkeys_of(user: User) -> list[Passkey]:
    """Return the passkeys of a user, the first one first."""
    its = select(Passkey).where(Passkey.user_id == user.id).order_by(Passkey.id)
    return list(db.session.scalars(its))


def has_passkey(user: User) -> bool:
    """Whether a user has a passkey."""
    return db.session.scalar(select(Passkey.id).where(Passkey.user_id == user.id).limit(1)) is not None


def own_passkey(user: User, key: int) -> Passkey | None:
    """Return the passkey of a user with this id, or None."""
    row: Passkey | None = db.session.scalar(select(Passkey).filter_by(id=key, user_id=user.id))
    return row


def handle_of(user: User) -> bytes:
    """Return the bytes by which devices know whose a passkey is: they say nothing about the user.

    They never change, and are those of no user of another console on the same host.
    """
    return sha256(f"passkeys of user {user.id}, created {user.created_at.isoformat()}".encode()).digest()


def add(user: User, answer: Answer | None, name: str, *, session: int | None) -> None:
    """Give the current user the passkey that was just made; the caller commits.

    Their other sessions end. Begins the write transaction. Raises Refusal with the reason, and LoggedOut
    where the session has ended.
    """
    key, party = user.id, our_party()
    is_answer = answer is not None and is_ours(answer.challenge, Purpose.ADD, key)
    made = checked_new(answer, party) if answer and party and is_answer else None
    begin_own_write(key, session)
    if answer is None or made is None or not use_up(answer.challenge):
        raise Refusal(NOT_GOOD)
    if _number_of(user) >= MOST:
        raise Refusal(TOO_MANY)
    if db.session.scalar(select(Passkey.id).filter_by(credential_id=made.credential_id)):
        raise Refusal(IN_USE)
    db.session.add(Passkey(user_id=key, name=name, **vars(made)))
    try:
        db.session.flush()
    except IntegrityError as error:  # another request was faster; the credential is the only key
        raise Refusal(IN_USE) from error
    factor_added(user, NAME, keep_session=session)


def log_in_by(answer: Answer | None) -> User | None:
    """Return the user whose passkey an answer is of, locked; None where it is not good.

    On success the write transaction has begun. The password is not needed, nor another factor: the device has
    verified its user.
    """
    return _accepted(answer, Purpose.LOG_IN, None)


def use(user: User, answer: Answer | None, purpose: Purpose) -> bool:
    """Use a passkey of `user`, and of no other user, for a purpose; returns whether it is good. Commits."""
    is_good = _accepted(answer, purpose, user) is not None
    db.session.commit()
    return is_good


def owner_of(answer: Answer | None) -> User | None:
    """Return the user to whom the passkey of an unchecked answer belongs; None where there is none."""
    if answer is None:
        return None
    its = Passkey.credential_id == answer.credential_id
    user: User | None = db.session.scalar(select(User).join(Passkey, Passkey.user_id == User.id).where(its))
    return user


def rename_own(user: User, key: int, name: str, *, session: int | None) -> bool:
    """Give a passkey of the current user another name; returns whether there is one. The caller commits.

    Begins the write transaction. Raises LoggedOut where the session has ended. The log holds no names: they
    may be personal, and it stays when a user is erased.
    """
    begin_own_write(user.id, session)
    row = own_passkey(user, key)
    if row is None:
        return False
    if row.name != name:
        row.name = name
        log_event(Event.PASSKEY_RENAMED, user)
        db.session.flush()
    return True


def remove_own(user: User, key: int, *, session: int | None) -> bool:
    """Remove a passkey of the current user; returns whether there was one. The caller commits.

    Begins the write transaction. Raises Refusal where the user needs it, and LoggedOut where the session has
    ended.
    """
    begin_own_write(user.id, session)
    row = own_passkey(user, key)
    if row is None:
        return False
    if reason := why_needed(user):
        raise Refusal(reason)
    db.session.delete(row)
    db.session.flush()
    factor_removed(user, NAME, keep_session=session)
    return True


def why_needed(user: User) -> str | None:
    """Say why a user cannot remove one of their passkeys; None where they can."""
    if _number_of(user) > 1:
        return None
    if not user.password_hash:
        return NO_PASSWORD
    return NEEDED if is_required(user) and not has_other_factor(user, NAME) else None


def remove(user: User) -> int:
    """Remove all passkeys of a locked account; returns how many there were."""
    removed = delete(Passkey).where(Passkey.user_id == user.id)
    return int(db.session.execute(removed).rowcount)  # type: ignore[attr-defined]  # a DELETE counts


def _number_of(user: User) -> int:
    return db.session.scalar(select(func.count()).select_from(Passkey).filter_by(user_id=user.id)) or 0


def _accepted(answer: Answer | None, purpose: Purpose, user: User | None) -> User | None:
    """Return the locked owner of the passkey of an answer, who is `user` where that is given; else None."""
    owner, party = owner_of(answer), our_party()
    if answer is None or owner is None or party is None or (user and user.id != owner.id):
        return None
    # A login does not begin with a user, so its answer has to name one (WebAuthn, 7.2, step 6).
    names_owner = answer.handle == handle_of(owner) or (user is not None and answer.handle is None)
    if not names_owner or not is_ours(answer.challenge, purpose, user.id if user else 0):
        return None
    key, stored = db.session.execute(
        select(Passkey.id, Passkey.public_key).filter_by(credential_id=answer.credential_id)
    ).one()
    used, owner_id = checked_use(answer, stored, party), owner.id
    if used is None:
        return None
    begin_write(db.session)
    owner = lock_account(owner_id)
    is_good = owner is not None and owner.active and _note(owner, key, used, answer.challenge)
    return owner if is_good else None


def _note(owner: User, key: int, used: Use, challenge: bytes) -> bool:
    """Note the use of a passkey of a locked account; returns whether it counts."""
    row: Passkey | None = db.session.scalar(
        for_writing(select(Passkey).filter_by(id=key, user_id=owner.id), Passkey.id)
    )
    if row is None or not use_up(challenge):
        return False
    if not _counts_on(row.sign_count, used.sign_count):
        # Another device has the same key, and has used it more often.
        log_event(Event.PASSKEY_REFUSED, owner, called=row.name)
        db.session.commit()
        return False
    row.sign_count, row.backed_up, row.used_at = used.sign_count, used.backed_up, clock.now()
    db.session.flush()
    return True


def _counts_on(before: int, now: int) -> bool:
    """Whether a number of uses follows another; devices that do not count always say 0."""
    return now > before or now == before == 0
