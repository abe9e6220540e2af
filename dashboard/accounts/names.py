"""What people are called wherever the console says who did something."""

from __future__ import annotations

from collections.abc import Collection

from flask_login import current_user
from sqlalchemy import select

from dashboard.accounts.flows import grantable_roles
from dashboard.accounts.models import User
from dashboard.database import AnySession
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeSet
from dashboard.permissions import Permission, Role, may

PERSON = (User.id, User.email, User.name, User.role)
"""What `called` has to know of a user."""


def called(key: int, email: str, name: str, role: Role) -> str:
    """A user by name, with what tells two users of one name apart.

    That is the address for those who may see the account, and its number for all others.
    """
    if sees_account(key, role):
        return f"{name} ({email})" if name else email
    return f"{name} (no. {key})" if name else f"Account no. {key}"


def sees_account(key: int, role: Role) -> bool:
    """Whether the current user may see this account: their own, or one up to their role."""
    return key == current_user.id or (may(Permission.USERS_READ) and role in grantable_roles(current_user))


def last_author(session: AnySession, kind: str, key: int) -> str | None:
    """Who changed a record last, by name; None where that is not known, or nobody was signed in."""
    its = (Change.record_kind == kind, Change.record_id == key, Change.action != Action.EXPORT)
    last = select(Change.change_set_id).where(*its)
    newest = last.order_by(Change.id.desc()).limit(1).scalar_subquery()
    its_author = select(*PERSON).join(ChangeSet, ChangeSet.author_id == User.id)
    found = session.execute(its_author.where(ChangeSet.id == newest)).first()
    return called(*found) if found else None


def names_of(keys: Collection[int]) -> dict[int, str]:
    """The names of the accounts with these ids, as far as they still exist."""
    if not keys:
        return {}
    found = db.session.execute(select(*PERSON).where(User.id.in_(keys)))
    return {person.id: called(*person) for person in found}
