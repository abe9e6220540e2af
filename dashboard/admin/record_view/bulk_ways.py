"""The changes that each field offers where many records of a mapped class are edited together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from dashboard.admin.record_view import writing
from dashboard.admin.record_view.forms.fields import TextField
from dashboard.text.replacing import LABELS

KEEP, SET, CLEAR = "", "set", "clear"
ADD, REMOVE = "add", "remove"


def ways(view: Any, name: str) -> Sequence[tuple[str, str]]:
    """The changes that a field offers, each with its label."""
    if name in view.columns.collections:
        return [(KEEP, "No change"), (ADD, "Add"), (REMOVE, "Remove")]
    clear = [(CLEAR, "Clear")] if view.columns.column(name).nullable else []
    texts = [(how.value, label) for how, label in LABELS.items()] if _is_text(view, name) else []
    if _is_own(view, name):
        return [(KEEP, "No change"), *texts]
    return [(KEEP, "No change"), (SET, "Set to"), *texts, *clear]


def longest(view: Any, name: str) -> int | None:
    """The characters that a column takes; None where it has no such bound."""
    its = view.columns.all.get(name)
    length: int | None = None if its is None else getattr(its.type, "length", None)
    return length


def _is_text(view: Any, name: str) -> bool:
    return isinstance(writing.blank(view.edit_form_class)[name], TextField)


def _is_own(view: Any, name: str) -> bool:
    """Whether each record has its own value in a column, which is never set for several."""
    return bool(view.columns.column(name).unique) or name == view.listing.title.key


def is_edited(view: Any, name: str) -> bool:
    """Whether a column or a collection has a field: one that is unique or names records only for texts."""
    if name not in view.columns.all:
        return name in view.columns.collections and name in view.recorded.fields
    return name in view.recorded.fields and (_is_text(view, name) or not _is_own(view, name))
