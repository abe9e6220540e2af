"""The erasures in the history: they say which changes may be blank."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Select, func, select

from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet, Seal
from dashboard.history.values import as_text
from dashboard.registry import Record, registry

NOTHING = as_text({})
"""The text of a change without fields, such as that of an export; erasing leaves it unchanged."""
Person = tuple[str, int]


def recorded_erasures(session: AnySession) -> Mapping[Person, int]:
    """The seal of the last valid erasure of each record: earlier changes may be blank.

    An erasure is valid if its change set has an author and the record no longer exists.
    """
    personal = [declared for declared in registry() if declared.personal]
    return {
        (declared.kind, key): at
        for declared in personal
        for key, at in session.connection().execute(_erasures_of(declared))
    }


def _erasures_of(declared: Record) -> Select[int, int]:
    still_there = declared.key == Change.record_id
    return (
        select(Change.record_id, func.max(Seal.id))
        .join(ChangeSet, ChangeSet.id == Change.change_set_id)
        .join(Seal, Seal.change_set_id == ChangeSet.id)
        .outerjoin(declared.model, still_there)
        .where(ChangeSet.kind == ChangeKind.ERASE, ChangeSet.author_id.is_not(None))
        .where(Change.record_kind == declared.kind, Change.action == Action.CHANGE)
        .where(declared.key.is_(None))
        .group_by(Change.record_id)
    )
