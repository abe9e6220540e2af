"""Who may see what of the history: what they may see of the records that it is about.

Changes of accounts go with the accounts: only owners see those of owners, and of accounts that are gone. Who
did something is shown to every user who sees what was done, the address only to those who see the account.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from flask_login import current_user
from sqlalchemy import ColumnElement, and_, false, or_, select

from dashboard.accounts import flows
from dashboard.accounts.models import User
from dashboard.accounts.names import called
from dashboard.catalogue.models import Category, Product
from dashboard.history.models import Change, ChangeSet, Origin
from dashboard.listing.columns import SqlColumn
from dashboard.permissions import Permission, Role, may

PEOPLE = "users"


@dataclass(frozen=True)
class Subject:
    """A kind of record that the history is about; ``title`` names one, and `singular` the kind.

    ``reading`` is what it takes to see one, ``writing`` to change one or put it back.
    """

    singular: str
    title: SqlColumn
    reading: Permission
    writing: Permission

    @property
    def model(self) -> Any:
        """The records themselves."""
        return self.title.class_


SUBJECTS = {
    "categories": Subject("category", Category.name, Permission.CATEGORIES_READ, Permission.CATEGORIES_WRITE),
    "products": Subject("product", Product.name, Permission.PRODUCTS_READ, Permission.PRODUCTS_WRITE),
    PEOPLE: Subject("account", User.email, Permission.USERS_READ, Permission.USERS_WRITE),
}
"""By the name that the history has for them, which is that of their screen as well."""


def visible_accounts() -> list[ColumnElement[bool]]:
    """Accounts up to one's own role: only owners see owners."""
    return [User.role.in_(flows.grantable_roles(current_user))]


def kinds_in_sight() -> list[str]:
    """The kinds of records of which the person at hand may see any."""
    return [kind for kind, subject in SUBJECTS.items() if may(subject.reading)]


def is_whole(kind: str) -> bool:
    """Whether the person at hand may see every record of a kind, also those that are gone."""
    if not may(SUBJECTS[kind].reading):
        return False
    return kind != PEOPLE or Role.OWNER in flows.grantable_roles(current_user)


def sees_everything() -> bool:
    """Whether there is no change that the person at hand may not see."""
    return all(map(is_whole, SUBJECTS))


def changes_in_sight(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Fits the changes that the person at hand may see, of `kinds` alone where they are named."""
    return or_(false(), *_ways_to_see(kinds))


def holds_in_sight(kinds: Sequence[str] | None = None) -> ColumnElement[bool]:
    """Fits change sets with a change that the person at hand may see, of `kinds` where they are named."""
    found = [
        select(Change.id).where(Change.change_set_id == ChangeSet.id, way).correlate(ChangeSet).exists()
        for way in _ways_to_see(kinds)  # each by itself, so that an index serves it
    ]
    return or_(false(), *found)


def _ways_to_see(kinds: Sequence[str] | None) -> Iterator[ColumnElement[bool]]:
    """What makes a change one that may be seen: its kind, or that its account may be seen."""
    seen = [kind for kind in kinds_in_sight() if kinds is None or kind in kinds]
    whole = [kind for kind in seen if is_whole(kind)]
    if whole:
        yield Change.record_kind == whole[0] if len(whole) == 1 else Change.record_kind.in_(whole)
    if PEOPLE in seen and PEOPLE not in whole:
        accounts = select(User.id).where(*visible_accounts())
        yield and_(Change.record_kind == PEOPLE, Change.record_id.in_(accounts))


def sets_in_sight() -> list[ColumnElement[bool]]:
    """The conditions that leave the change sets of which the person at hand may see something."""
    return [] if sees_everything() else [holds_in_sight()]


def person(
    key: int | None, email: str | None, name: str | None, role: Role | None, origin: Origin | None = None
) -> str:
    """Who did something, in words, from the number in the history and the account that has it, if one has."""
    if key is None:
        return "Command line" if origin is Origin.COMMAND else "Somebody not signed in"
    if email is None or role is None:
        return f"A deleted account (no. {key})"
    return called(key, email, name or "", role)
