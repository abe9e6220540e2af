"""Changes from a place onwards, in either direction, however many there are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select

from dashboard.database.transactions import AnySession
from dashboard.history.models import Change

Rows = Select[*tuple[Any, ...]]
"""A statement whose first column is `Change`."""


@dataclass(frozen=True)
class Stretch:
    """Rows, and the changes beyond which there are more: their numbers."""

    rows: Sequence[Any]
    before: int | None = None
    after: int | None = None


def read_stretch(
    session: AnySession,
    statement: Rows,
    size: int,
    *,
    newest_first: bool,
    after: int | None = None,
    before: int | None = None,
) -> Stretch:
    """Up to `size` rows of `statement`, right after or before a change.

    A place beyond which nothing lies shows that end.
    """
    backwards = before is not None and after is None
    place = before if backwards else after
    rows = _walk(session, statement, size, place, rising=newest_first == backwards)
    if not rows and place is not None:
        place, backwards = None, not backwards
        rows = _walk(session, statement, size, None, rising=newest_first == backwards)
    more, rows = len(rows) > size, rows[:size]
    if not rows:
        return Stretch(rows)
    if backwards:
        rows = rows[::-1]
    first, last = rows[0][0].id, rows[-1][0].id
    is_more_before, is_more_after = (more, place is not None) if backwards else (place is not None, more)
    return Stretch(rows, first if is_more_before else None, last if is_more_after else None)


def _walk(
    session: AnySession, statement: Rows, size: int, place: int | None, *, rising: bool
) -> Sequence[Any]:
    if place is not None:
        statement = statement.where(Change.id > place if rising else Change.id < place)
    order = Change.id.asc() if rising else Change.id.desc()
    return session.execute(statement.order_by(order).limit(size + 1)).all()
