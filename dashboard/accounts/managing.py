"""Changes of the accounts of others, and who may make them. Flows change and flush; the caller commits.

`actor` is the user who makes the change; None stands for the command line, which may do what an owner may.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from sqlalchemy import func, select

from dashboard.accounts.flows import OWNERS, rename_account
from dashboard.accounts.models import State, User
from dashboard.accounts.one_time_links import end_links, end_links_issued_by
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.sessions import end_sessions
from dashboard.database.locks import serialise
from dashboard.extensions import db
from dashboard.history.exports import record_people
from dashboard.permissions import Access, Role, can
from dashboard.refusal import Refusal
from dashboard.registry import registry

ACCOUNTS = "accounts"  # the lock for changing what others may do


def manage_accounts() -> None:
    """Let only this transaction change the accounts of others, until it ends.

    Two admins may deactivate each other at once, so check permissions after this call.
    """
    serialise(db.session, ACCOUNTS)


def grantable_roles(actor: User | None) -> list[Role]:
    """Return the roles that `actor` may give: those up to their own."""
    return [role for role in Role if actor is None or role.rank <= actor.role.rank]


def may_manage(actor: User, subject: User) -> bool:
    """Whether `actor` may change, deactivate or delete `subject`: another user of a role up to their own."""
    return (
        can(actor, registry().of(User).permission(Access.WRITE))
        and actor.id != subject.id
        and subject.role.rank <= actor.role.rank
    )


def change_account(actor: User | None, subject: User, *, name: str, role: Role) -> None:
    """Set the name and the role of `subject`; raises Refusal where `actor` may not."""
    refuse_unmanageable(actor, subject, allow_self=role == subject.role)
    if role not in grantable_roles(actor):
        raise Refusal("You can't give a role above your own.")
    if role != Role.OWNER:
        _keep_an_owner([subject])
    rename_account(subject, name)
    before, subject.role = subject.role, role
    db.session.flush()  # before the links, for which it would be flushed in two parts, as two versions
    if role.rank > before.rank:
        end_links(subject)  # whoever issued one may not manage this role
    if role.rank < before.rank:
        end_links_issued_by(subject)
    if role != before:
        log_event(Event.ROLE_CHANGED, subject, by=actor, before=before.value, after=role.value)


def deactivate_accounts(actor: User | None, subjects: Sequence[User]) -> int:
    """Deactivate accounts and end their sessions; returns how many were active.

    Raises Refusal before any change.
    """
    refuse_unmanageable(actor, *subjects)
    _keep_an_owner(subjects)
    changed = sum(subject.active for subject in subjects)
    for subject in subjects:
        if subject.active:
            log_event(Event.ACCOUNT_DEACTIVATED, subject, by=actor)
        subject.active = False
        end_sessions(subject)
        end_links(subject)
        end_links_issued_by(subject)
    db.session.flush()
    return changed


def reactivate_accounts(actor: User | None, subjects: Sequence[User]) -> int:
    """Reactivate accounts; returns how many were not active. Raises Refusal before any change."""
    refuse_unmanageable(actor, *subjects)
    changed = sum(not subject.active for subject in subjects)
    for subject in subjects:
        if not subject.active:
            log_event(Event.ACCOUNT_REACTIVATED, subject, by=actor)
        subject.active = True
    db.session.flush()
    return changed


def delete_accounts(actor: User | None, subjects: Sequence[User]) -> int:
    """Delete accounts with their sessions; returns how many. Raises Refusal before any change."""
    refuse_unmanageable(actor, *subjects)
    _keep_an_owner(subjects)
    for subject in subjects:
        log_event(Event.ACCOUNT_DELETED, subject, by=actor)
        db.session.delete(subject)
    db.session.flush()
    return len(subjects)


def log_out_everywhere(actor: User | None, subjects: Sequence[User]) -> int:
    """End every session of other users; returns how many. Raises Refusal before any change."""
    refuse_unmanageable(actor, *subjects)
    number = 0
    for subject in subjects:
        ended = end_sessions(subject)
        log_event(Event.SESSIONS_ENDED, subject, by=actor, number=ended)
        number += ended
    return number


def record_export(keys: Sequence[int]) -> None:
    """Record in the history that the data of these accounts was exported (security line 89)."""
    record_people(db.session, User.__tablename__, keys)


def refuse_unmanageable(actor: User | None, *subjects: User, allow_self: bool = False) -> None:
    """Raise Refusal where `actor` may not manage one of `subjects`."""
    if actor is None:
        return
    for subject in subjects:
        if subject.id == actor.id and allow_self:
            continue
        if subject.id == actor.id:
            raise Refusal("You can't do this to your own account. Ask another admin or owner.")
        if not may_manage(actor, subject):
            raise Refusal(f"Only an owner can manage {subject.email}.")


def _keep_an_owner(leaving: Collection[User]) -> None:
    """Raise Refusal if there would be no active owner without `leaving`."""
    if not any(user.role == Role.OWNER and user.state == State.ACTIVE for user in leaving):
        return
    serialise(db.session, OWNERS)
    staying = select(func.count()).where(
        User.role == Role.OWNER, User.state == State.ACTIVE, User.id.not_in([user.id for user in leaving])
    )
    if not db.session.scalar(staying):
        raise Refusal("There must be at least one active owner. Make another user an owner first.")
