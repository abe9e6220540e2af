"""Verbs for edits that people have a word for, such as "archived 14 products"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask import Flask, current_app

from dashboard.history.models import Action, Change

DEEDS = "deeds"
"""The key of an application's deeds among its extensions, by kind and field."""
HERE = "{}"
"""The place of the records in a deed."""


def add_deeds(app: Flask, kind: str, field: str, words: Mapping[Any, str]) -> None:
    """Tell edits of a field in `words`, by its new value: ``{"draft": "moved {} to draft"}``."""
    app.extensions.setdefault(DEEDS, {})[kind, field] = words


def deed_of(change: Change) -> tuple[str, str] | None:
    """The words before and after the record of an edit that has its own; None where it has no such words."""
    if change.action is not Action.CHANGE or len(change.pairs) != 1:
        return None
    [(field, (_, value))] = change.pairs.items()
    words = current_app.extensions.get(DEEDS, {}).get((change.record_kind, field), {}).get(value)
    if words is None:
        return None
    before, _, after = words.partition(HERE)
    return before.strip(), after.strip()
