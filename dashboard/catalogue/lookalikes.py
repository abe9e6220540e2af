"""Categories whose names look the same. There are a few thousand at most, so all of them are compared."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from dashboard.catalogue.models import Category
from dashboard.database import serialise
from dashboard.extensions import db
from dashboard.search.lookalike import look_alike, looks


def category_like(name: str, but: int = 0) -> str | None:
    """The name of a category that looks like `name`, except the one with the id `but`, or None.

    Locks the names of categories: no other transaction adds or renames one until this one ends.
    """
    serialise(db.session, "category names")
    others = db.session.scalars(select(Category.name).where(Category.id != but).order_by(Category.name_key))
    return next((other for other in others if look_alike(name, other)), None)


def categories_alike(connection: Connection) -> list[list[str]]:
    """The names that look the same, in groups."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in connection.scalars(select(Category.name).order_by(Category.name_key)):
        for look in enumerate(looks(name)):
            found[look].append(name)
    return [list(names) for names in dict.fromkeys(map(tuple, found.values())) if len(names) > 1]
