"""Whether a record has been changed since a user saw it: seals are in the order of the commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from dashboard.database.keys import Key
from dashboard.database.transactions import AnySession
from dashboard.history.models import WITHOUT_CHANGE, Change, Seal, stored_key


def position(session: AnySession) -> int:
    """The number of the last seal; read it before the records that a user is shown."""
    return session.scalar(select(func.max(Seal.id))) or 0


def changed_since(session: AnySession, kind: str, keys: Sequence[Key], since: int) -> set[Key]:
    """Return those of `keys`, of records of `kind`, that were changed after the position `since`."""
    if position(session) <= since:
        return set()
    later = select(Change.record_id, Change.record_key).distinct()
    later = later.join(Seal, Seal.change_set_id == Change.change_set_id)
    its = later.where(Seal.id > since, Change.record_kind == kind, Change.action.not_in(WITHOUT_CHANGE))
    numbers = [key for key in keys if isinstance(key, int)]
    if numbers:  # a range, not each: a selection may hold a hundred thousand
        its = its.where(Change.record_id.between(min(numbers), max(numbers)))
    return set(keys) & {stored_key(number, text) for number, text in session.execute(its)}
