"""What people are called wherever the console says who did something."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.database import AnySession
from dashboard.extensions import db
from dashboard.history.models import Action, Change, ChangeSet


def display_name(name: str, email: str) -> str:
    """A person's own name, or the address where they gave none."""
    return name or email


def last_author(session: AnySession, kind: str, key: int) -> str | None:
    """Who changed a record last, by name; None where that is not known, or nobody was signed in."""
    its = (Change.record_kind == kind, Change.record_id == key, Change.action != Action.EXPORT)
    last = select(Change.change_set_id).where(*its)
    newest = last.order_by(Change.id.desc()).limit(1).scalar_subquery()
    its_author = select(User.name, User.email).join(ChangeSet, ChangeSet.author_id == User.id)
    found = session.execute(its_author.where(ChangeSet.id == newest)).first()
    return display_name(*found) if found else None


def names_of(keys: Collection[int]) -> dict[int, str]:
    """The names of the accounts with these ids, as far as they still exist."""
    if not keys:
        return {}
    found = db.session.execute(select(User.id, User.name, User.email).where(User.id.in_(keys)))
    return {key: display_name(name, email) for key, name, email in found}
