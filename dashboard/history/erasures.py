"""The erasures in the history: they say which changes may be blank."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Select, func, select

from dashboard.database.keys import Key, key_of
from dashboard.database.transactions import AnySession
from dashboard.history.models import Action, Change, ChangeKind, ChangeSet, Seal, stored_key
from dashboard.history.values import as_text
from dashboard.registry import Record, registry

NOTHING = as_text({})
"""The text of a change without fields, such as that of an export; erasing leaves it unchanged."""
Person = tuple[str, Key]
ASKED_AT_ONCE = 500  # keys


def recorded_erasures(session: AnySession) -> Mapping[Person, int]:
    """The seal of the last valid erasure of each record: earlier changes may be blank.

    An erasure is valid if its change set has an author and the record no longer exists.
    """
    found: dict[Person, int] = {}
    for declared in registry():
        if declared.personal:
            found |= _erased_and_gone(session, declared)
    return found


def sets_with_erased(session: AnySession) -> set[int]:
    """The change sets with a change of a person who was erased later: their reasons may be blank."""
    found = set[int]()
    for kind, key in recorded_erasures(session):
        its = select(Change.change_set_id).where(Change.of(kind, key))
        found |= {*session.connection().execute(its).scalars()}
    return found


def _erased_and_gone(session: AnySession, declared: Record) -> Mapping[Person, int]:
    rows = session.connection().execute(_erasures_of(declared.kind))
    erased = {stored_key(number, text): at for number, text, at in rows}
    there = _still_there(session, declared, list(erased))
    return {(declared.kind, key): at for key, at in erased.items() if key not in there}


def _still_there(session: AnySession, declared: Record, keys: Sequence[Key]) -> set[Key]:
    values = [value for key in keys if (value := declared.read_key(str(key))) is not None]
    parts = (values[start : start + ASKED_AT_ONCE] for start in range(0, len(values), ASKED_AT_ONCE))
    found = (session.scalars(select(declared.key).where(declared.key.in_(part))) for part in parts)
    return {key_of(declared.key.type, value) for part in found for value in part}


def _erasures_of(kind: str) -> Select[int, str | None, int]:
    return (
        select(Change.record_id, Change.record_key, func.max(Seal.id))
        .join(ChangeSet, ChangeSet.id == Change.change_set_id)
        .join(Seal, Seal.change_set_id == ChangeSet.id)
        .where(ChangeSet.kind == ChangeKind.ERASE, ChangeSet.author_id.is_not(None))
        .where(Change.record_kind == kind, Change.action == Action.CHANGE)
        .group_by(Change.record_id, Change.record_key)
    )
