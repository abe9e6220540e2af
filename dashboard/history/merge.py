"""Merging three versions of a record: as it was opened, as it is stored, and as it is to be saved.

The functions are pure: versions and results are texts by field.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum


class Outcome(StrEnum):
    """The result of merging one field."""

    UNTOUCHED = "untouched"
    BOTH = "both"
    THEIRS = "theirs"
    YOURS = "yours"
    CHOICE = "choice"


def outcome(opened: str | None, theirs: str, yours: str) -> Outcome:
    """Merge a field: a change that one of the two made is taken, two different ones are left to choice.

    `opened` is None where the field as it was opened is not known.
    """
    if yours == theirs:
        return Outcome.UNTOUCHED if opened in (None, theirs) else Outcome.BOTH
    if opened is None:
        return Outcome.CHOICE
    if yours == opened:
        return Outcome.THEIRS
    return Outcome.YOURS if theirs == opened else Outcome.CHOICE


def left_to_choice(
    outcomes: Mapping[str, Outcome], together: Iterable[Collection[str]]
) -> dict[str, Outcome]:
    """The outcomes, with fields that have a meaning only `together` taken from one side.

    Where one field of a group, such as an amount and its currency, comes from theirs and another from yours,
    both are left to choice.
    """
    found = dict(outcomes)
    for group in together:
        one_sided = {name for name in group if found.get(name) in (Outcome.THEIRS, Outcome.YOURS)}
        if {found[name] for name in one_sided} == {Outcome.THEIRS, Outcome.YOURS}:
            found |= dict.fromkeys(one_sided, Outcome.CHOICE)
    return found
