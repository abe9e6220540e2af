"""A field in the versions of a merge, and what its page shows of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wtforms import SelectField

from dashboard.admin.kit.versions import State
from dashboard.history.diff import Mark, Piece, differences_in
from dashboard.history.merge import Outcome
from dashboard.words import ago

LONG = 60  # characters that fit beside two others
SIDES = ("mine", "theirs")
"""The sides of a choice, as a button that chooses one of them everywhere sends it."""


@dataclass(frozen=True)
class Version:
    """A field in one of the three versions: the value that a form sends, and its words on the page."""

    label: str
    value: str
    words: str
    pieces: Sequence[Piece] = ()
    """A long text with what was removed from the original and added to it; empty where that says little."""

    @property
    def is_long(self) -> bool:
        """Whether it needs lines of its own."""
        return len(self.words) > LONG or "\n" in self.words


@dataclass
class MergedField:
    """A field in the three versions; ``opened`` is None where the history does not know it.

    ``since`` is the state of the record that ``opened`` is from, ``chosen`` the value chosen so far.
    """

    field: Any
    since: State
    opened: str | None
    theirs: str
    yours: str
    outcome: Outcome
    chosen: str | None = None
    changed: str = ""
    changed_at: datetime | None = None

    @property
    def value(self) -> str:
        """The merged value, where the user need not choose."""
        return self.yours if self.outcome is Outcome.YOURS else self.theirs

    @property
    def is_theirs(self) -> bool:
        """Whether another user changed it."""
        return self.outcome in (Outcome.THEIRS, Outcome.BOTH, Outcome.CHOICE)

    @property
    def versions(self) -> Iterator[Version]:
        """The versions, the user's own first; without the original where it is not known."""
        original = None if self.opened is None else in_words(self.field, self.opened)
        for label, value in (("Yours", self.yours), ("Theirs", self.theirs)):
            version = Version(label, value, in_words(self.field, value))
            yield replace(version, pieces=marked(original, version.words)) if version.is_long else version
        if self.opened is not None and original is not None:
            yield Version("Original", self.opened, original)

    @property
    def options(self) -> list[Version]:
        """The values to choose from, each once."""
        found: dict[str, Version] = {}
        for each in self.versions:
            found.setdefault(each.value, each)
        return [*found.values()]

    @property
    def sides(self) -> Mapping[str, str]:
        """The values of the two sides to choose from; empty where there is no choice."""
        return (
            dict(zip(SIDES, (self.yours, self.theirs), strict=True)) if self.outcome is Outcome.CHOICE else {}
        )

    @property
    def changed_ago(self) -> str:
        """How long ago another user changed it, in words."""
        return ago(self.changed_at) if self.changed_at else ""


def in_words(field: Any, value: str) -> str:
    """A value of a form's field in the words of the page."""
    if hasattr(field, "words_of"):
        return str(field.words_of(value))
    if not isinstance(field, SelectField):
        return value
    labels = (str(choice.label) for choice in field.iter_choices() if str(choice.value) == value)
    return next(labels, f"{value} (no longer exists)")


def marked(original: str | None, text: str) -> Sequence[Piece]:
    """The differences from `original` to `text`; empty where they share no word."""
    pieces = differences_in(original, text) if original else []
    is_useful = any(piece.mark is Mark.UNCHANGED and piece.text.strip() for piece in pieces)
    return pieces if is_useful and len(pieces) > 1 else ()
