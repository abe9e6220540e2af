"""The offer to undo, beside the flash that tells what was done."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.recording import Written, change_set_of
from dashboard.registry import registry
from dashboard.web import flashes

FINAL = (ChangeKind.PURGE, ChangeKind.ERASE, ChangeKind.EXPORT)
"""What cannot be taken back, or has nothing to be."""


@dataclass(frozen=True)
class Undo:
    """Where a change set is taken back."""

    url: str
    id: int


def offer_undo(message: str) -> None:
    """Show Undo with the flash `message` if what this transaction changed can be taken back.

    Before it is committed.
    """
    if undo := undo_here():
        flashes.offer_undo(message, undo.id)


def undo_here() -> Undo | None:
    """Where to undo what this transaction changed, if that can be; before it is committed."""
    written = change_set_of(db.session)
    return None if written is None or is_final(written) else _undo(written.key)


def is_final(written: Written) -> bool:
    """Whether nothing can take this back: purging, erasing, and deleting accounts, whose password is gone."""
    if written.kind is not ChangeKind.DELETE:
        return written.kind in FINAL
    record = registry().get(written.record_kind)
    return record is None or not record.can_restore


def undo_of(message: str) -> Undo | None:
    """Where to undo what the flash `message` tells; for templates, which show it once."""
    key = flashes.take_undo(message)
    return None if key is None else _undo(key)


def _undo(key: int) -> Undo:
    return Undo(url_for("revert.undo_view"), key)
