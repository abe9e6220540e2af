"""Undoing changes of records that the current user sees only before or only after it.

A deleted record is in no list, so that nothing says who may see it until it is back. The same goes for one
that its editor moved out of what they may see.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlalchemy import ColumnElement, or_, select

from dashboard.admin.ledger.visibility import visible_changes
from dashboard.extensions import db
from dashboard.history.about import about_rows
from dashboard.history.models import Change
from dashboard.history.revert import Part, revert_in_slices
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.search.index import among

UNSEEN = "Nothing was undone: you may not see all of these records."


def undo_in_slices(part: Part) -> Iterator[int]:
    """Undo `part` in slices, as `revert_in_slices` does, unless its records have been changed since.

    Raises Refusal where the current user sees one of the records neither before nor after it.
    """
    unseen = _unseen(Change.change_set_id == part.change_set_id)
    hides_names = _is_there(unseen)
    try:
        yield from revert_in_slices(db.session, part, untouched=True)
    except Refusal as refusal:
        raise Refusal(UNSEEN if hides_names else str(refusal)) from refusal
    if unseen and _unseen(among(Change.id, unseen)):
        raise Refusal(UNSEEN)


def _unseen(its: ColumnElement[bool]) -> Sequence[int]:
    """The changes whose records the current user does not see."""
    return db.session.scalars(select(Change.id).where(its, ~visible_changes())).all()


def _is_there(changes: Sequence[int]) -> bool:
    """Whether one of these changes is about a record that exists: its name must not be told."""
    if not changes:
        return False
    there = or_(*(about_rows(record) for record in registry()))
    return db.session.scalar(select(Change.id).where(among(Change.id, changes), there).limit(1)) is not None
