"""What people are called wherever the console says who did something."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select

from dashboard.accounts.models import User
from dashboard.extensions import db


def display_name(name: str, email: str) -> str:
    """A person's own name, or the address where they gave none."""
    return name or email


def names_of(keys: Collection[int]) -> dict[int, str]:
    """The names of the accounts with these ids, as far as they still exist."""
    if not keys:
        return {}
    found = db.session.execute(select(User.id, User.name, User.email).where(User.id.in_(keys)))
    return {key: display_name(name, email) for key, name, email in found}
