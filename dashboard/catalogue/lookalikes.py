"""Categories whose names look the same. There are a few thousand at most, so all of them are compared."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import Connection, select

from dashboard.catalogue.models import Category
from dashboard.database.locks import serialise
from dashboard.extensions import db
from dashboard.search.lookalike import looks
from dashboard.text.shortening import quoted

NAME_TAKEN = "This name is already in use."


class CategoryLooks:
    """The looks of the names of all categories, except the one with the id `but`.

    Locks the names of categories: no other transaction adds or renames one until this one ends. Those that
    are only compared need no `lock`.
    """

    def __init__(self, but: int = 0, *, lock: bool = True) -> None:
        if lock:
            serialise(db.session, "category names")
        self.names: list[str] = []
        self.places: dict[tuple[int, str], int] = {}
        for name in db.session.scalars(
            select(Category.name).where(Category.id != but).order_by(Category.name_key)
        ):
            self.add(name)

    def add(self, name: str) -> None:
        """Compare with `name` too."""
        for look in enumerate(looks(name)):
            self.places.setdefault(look, len(self.names))
        self.names.append(name)

    def like(self, name: str) -> str | None:
        """The first name that looks like `name`; None where there is none."""
        places = [self.places[look] for look in enumerate(looks(name)) if look in self.places]
        return self.names[min(places)] if places else None

    def fault(self, name: str) -> str | None:
        """Say in plain words that another name looks like `name`, or None."""
        other = self.like(name)
        if other is None:
            return None
        if other == name:
            return NAME_TAKEN
        return f"The name of the category {quoted(other)} looks the same. Choose another."


def categories_alike(connection: Connection) -> list[list[str]]:
    """The names that look the same, in groups, none of which is part of another."""
    found: dict[tuple[int, str], list[str]] = defaultdict(list)
    for name in connection.scalars(select(Category.name).order_by(Category.name_key)):
        for look in enumerate(looks(name)):
            found[look].append(name)
    groups = [names for names in dict.fromkeys(map(tuple, found.values())) if len(names) > 1]
    return [list(names) for names in groups if not any(set(names) < set(other) for other in groups)]
