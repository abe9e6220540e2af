"""Names of users, where a page says who did something."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, case, false, select
from sqlalchemy.orm import aliased

from dashboard.accounts.managing import grantable_roles
from dashboard.accounts.models import User
from dashboard.accounts.people import Person
from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.extensions import db
from dashboard.history.models import WITHOUT_CHANGE, Change, ChangeSet
from dashboard.permissions import Access, Role
from dashboard.registry import registry


def is_shared(account: type[User]) -> ColumnElement[bool]:
    """Whether another account has the name of `account`, which may be an alias: an index tells."""
    other = aliased(User, name="namesake")
    its = select(other.id).where(other.name_key == account.name_key, other.id != account.id)
    return case((account.name == "", false()), else_=its.correlate(account).exists()).label("is_shared")


def person_of(account: type[User]) -> tuple[Any, ...]:
    """The columns of the arguments of `called`, of `account`, which may be an alias."""
    return account.id, account.email, account.name, account.role, is_shared(account)


PERSON = person_of(User)
"""The columns of the arguments of `called`."""
NOBODY = (None,) * len(PERSON)
"""These columns of an account that is gone."""


def called(key: int, email: str, name: str, role: Role, shared: bool) -> Person:
    """Return the name of a user, with the email or number that tells two users of one name apart.

    The email is known to users who can see the account, its number to others.
    """
    if sees_account(key, role):
        words = (f"{name} ({email})" if shared else name) if name else email
        return Person(words, key, email, name)
    words = (f"{name} (no. {key})" if shared else name) if name else f"Account no. {key}"
    return Person(words, key, "", name)


def sees_account(key: int, role: Role) -> bool:
    """Whether the current user can see this account: their own, or one of a role up to their own."""
    return key == current_user.id or (
        registry().of(User).allows(Access.READ) and role in grantable_roles(current_user)
    )


def last_edit(session: AnySession, kind: str, key: Key) -> tuple[datetime | None, Person | None]:
    """Return when a record was last changed, and the name of the user; None where no existing user did."""
    its = (Change.of(kind, key), Change.action.not_in(WITHOUT_CHANGE))
    last = select(Change.change_set_id).where(*its)
    newest = last.order_by(Change.id.desc()).limit(1).scalar_subquery()
    edits = select(ChangeSet.at, *PERSON).select_from(ChangeSet)
    edits = edits.outerjoin(User, ChangeSet.author_id == User.id)
    found = session.execute(edits.where(ChangeSet.id == newest)).first()
    if found is None:
        return None, None
    at, *person = found
    return at, None if person[0] is None else called(*person)


def names_of(keys: Collection[int]) -> dict[int, Person]:
    """Return the names of the accounts with these ids that still exist."""
    if not keys:
        return {}
    found = db.session.execute(select(*PERSON).where(User.id.in_(keys)))
    return {person.id: called(*person) for person in found}


def visible_accounts() -> list[ColumnElement[bool]]:
    """Return the conditions for the accounts that the current user sees: those of roles up to their own."""
    return [User.role.in_(grantable_roles(current_user))]


def sees_all_accounts() -> bool:
    """Whether the current user sees every account; only owners see owners and deleted accounts."""
    return Role.OWNER in grantable_roles(current_user)
