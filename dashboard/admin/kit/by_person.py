"""The filter of a list by the user who did what a row tells of."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import ColumnElement, select

from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON, called
from dashboard.extensions import db
from dashboard.listing.columns import SqlColumn
from dashboard.listing.filters import OneOf, Option
from dashboard.search.keys import sort_key

MOST_PEOPLE = 200
"""Users that the filter offers."""


def by_person(
    name: str, label: str, column: SqlColumn, scope: Callable[[], list[ColumnElement[bool]]]
) -> OneOf:
    """The filter by `column`, the number of a user: offers those whom a row within `scope` names."""

    def options() -> list[Option]:
        named = select(column).where(column == User.id, *scope()).exists()
        people = [called(*row) for row in db.session.execute(select(*PERSON).where(named).limit(MOST_PEOPLE))]
        found = [Option(str(person.key), person, person.key) for person in people]
        return sorted(found, key=lambda option: sort_key(option.label))

    return OneOf(name, label, options, column)
