"""Changing a text by what it has: replacing a part of it, or putting something before or after it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class TextHow(StrEnum):
    """How a text becomes another."""

    REPLACE = "replace"
    BEFORE = "before"
    AFTER = "after"


LABELS = {
    TextHow.REPLACE: "Find and replace",
    TextHow.BEFORE: "Put before it",
    TextHow.AFTER: "Put after it",
}
"""The choices of a form, each with its label."""
NOTHING_TO_FIND = "Enter what to find."
NOT_FOR_IT = "Choose “Find and replace” for it, or empty it."
NOTHING_TO_PUT = "Enter what to put there."


@dataclass(frozen=True)
class TextChange:
    """A change of texts: each ``find`` becomes ``text``, or ``text`` is put before or after the whole.

    Capital letters, accents and blanks count. A blank text stays blank: it has no beginning and no end.
    """

    how: TextHow
    text: str
    find: str = ""

    def apply(self, text: str) -> str:
        """The new text, which may be too long or blank: the caller has its rules."""
        if not text:
            return text
        if self.how is TextHow.REPLACE:
            return text.replace(self.find, self.text)
        return self.text + text if self.how is TextHow.BEFORE else text + self.text

    @property
    def fault(self) -> str | None:
        """Why there is nothing to change by it; None where there is."""
        if self.how is TextHow.REPLACE:
            return None if self.find else NOTHING_TO_FIND
        return None if self.text else NOTHING_TO_PUT
