"""Whether a record has been changed since a user saw it: the order of the seals is that of the commits."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import func, select

from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, Seal


def position(session: AnySession) -> int:
    """The last seal of the history; to be read before the records that a user is shown."""
    return session.scalar(select(func.max(Seal.id))) or 0


def changed_since(session: AnySession, kind: str, keys: Sequence[int], since: int) -> set[int]:
    """The records of `kind` with these keys that were changed after the position `since`."""
    if position(session) <= since:
        return set()
    later = select(Change.record_id).join(Seal, Seal.change_set_id == Change.change_set_id)
    its = later.where(Seal.id > since, Change.record_kind == kind, Change.action != Action.EXPORT)
    its = its.where(Change.record_id >= min(keys))
    return set(keys) & set(session.scalars(its.where(Change.record_id <= max(keys)).distinct()))
