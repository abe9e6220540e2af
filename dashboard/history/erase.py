"""Erasing a person: what the history says of an account that was deleted is taken away, and the chain holds.

That something happened to the account, when and by whom, stays; so does the number by which the history knows
the people who changed things.
"""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, update

from dashboard.database import AnySession, for_writing
from dashboard.history.models import Action, Change, ChangeKind
from dashboard.history.recorded import RECORDED, as_text
from dashboard.history.recording import Entry, describe, record

NOTHING = as_text({})


class EraseError(Exception):
    """Something that cannot be erased; the text says why in plain words."""


def says_anything(session: AnySession, kind: str, key: int) -> bool:
    """Whether the history still says anything of a person."""
    return session.scalar(select(Change.id).where(*_saying(kind, key)).limit(1)) is not None


def erase_person(session: AnySession, kind: str, key: int) -> int:
    """Take away what the history says of the deleted account `key`; returns in how many changes.

    Writes a change set of its own that says so. Raises EraseError where the account exists or nothing is left
    to erase, and LookupError for a kind of record that is about nobody.
    """
    if not RECORDED[kind].personal:
        raise LookupError(f"{kind} are not about people")
    if session.get(RECORDED[kind].model, key) is not None:
        raise EraseError("This account still exists. Delete it first.")
    saying = session.scalars(for_writing(select(Change.id).where(*_saying(kind, key)), Change.id)).all()
    if not saying:
        raise EraseError("There is nothing left to erase.")
    describe(session, kind=ChangeKind.ERASE)
    erase = update(Change).where(*_saying(kind, key)).values(fields=None, salt=None)
    session.execute(erase, execution_options={"synchronize_session": False})
    record(session, [Entry(kind, key, Action.CHANGE, None, {})])
    return len(saying)


def _saying(kind: str, key: int) -> list[ColumnElement[bool]]:
    """Fits the changes of a record that say something."""
    return [
        Change.record_kind == kind,
        Change.record_id == key,
        Change.fields.is_not(None),
        Change.fields != NOTHING,
    ]
