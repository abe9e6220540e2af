"""Words that a screen has by default, for links and questions about its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from dashboard.admin.kit.feature import Feature, first
from dashboard.number_form import number_words
from dashboard.words import counted


class Worded(Protocol):
    """The words that a screen declares, and its features."""

    singular: Any
    new_label: Any
    deletion_text: Any
    features: Sequence[Feature[Any]]


def adding(screen: Worded) -> str:
    """The label of the link to the form of a new record, and the title of that form."""
    return str(screen.new_label or f"New {screen.singular}")


def deletion_words(screen: Worded, number: int) -> str:
    """The consequence of deleting so many records, for the question."""
    words: str | None = first(feature.deletion_words(number) for feature in screen.features)
    return words or str(screen.deletion_text)


def outcome_words(changed: int, same: int, noun: str, done: str, state: str = "") -> str:
    """The message about records that were changed, and about those that had the ``state`` already.

    Such as ``14 products archived, 187 already were.``; without a state, that of what is ``done``.
    """
    if not same:
        return f"{counted(changed, noun)} {done}."
    were = "was" if same == 1 else "were"
    if not changed:
        return f"No change needed: {counted(same, noun)} {were} already {state or done}."
    return f"{counted(changed, noun)} {done}, {number_words(same)} already {were}."
