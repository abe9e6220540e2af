"""Words that a screen has by default, for links and questions about its records."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from dashboard.admin.kit.feature import Feature, first


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
