"""The offer to undo, beside the message about a change."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from dashboard.extensions import db
from dashboard.history.models import ChangeKind
from dashboard.history.recording import Written, change_set_of
from dashboard.registry import registry
from dashboard.web import flashes

FINAL = (ChangeKind.PURGE, ChangeKind.ERASE, ChangeKind.EXPORT, ChangeKind.LINK)
"""The change sets that cannot be undone, or have nothing to undo."""


@dataclass(frozen=True)
class Undo:
    """The address that undoes a change set, and its id."""

    url: str
    id: int


def offer_undo(message: str) -> None:
    """Show Undo with the flash `message` if the changes of this transaction can be undone.

    It must be called before they are committed.
    """
    if undo := undo_here():
        flashes.offer_undo(message, undo.id)


def undo_here() -> Undo | None:
    """How to undo the changes of this transaction, before it is committed; None if they cannot be."""
    written = change_set_of(db.session)
    return None if written is None or is_final(written) else _undo(written.key)


def is_final(written: Written) -> bool:
    """Whether a change set cannot be undone: a purge, an erasure, or deleted accounts without passwords."""
    if written.kind is not ChangeKind.DELETE:
        return written.kind in FINAL
    record = registry().get(written.record_kind)
    return record is None or not record.can_restore


def undo_of(message: str) -> Undo | None:
    """How to undo the change that the flash `message` is about; for templates, which show it once."""
    key = flashes.take_undo(message)
    return None if key is None else _undo(key)


def _undo(key: int) -> Undo:
    return Undo(url_for("revert.undo_view"), key)
