"""Releasing a record that is about to be deleted from what refers to it, and saying how much that changed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import Any

from dashboard.admin.record_view.deletion.holders import Held
from dashboard.words import counted


def release_all(releases: Iterable[tuple[Held, Any]]) -> str:
    """Let all records refer to the values beside them, and say how many of each kind that changed.

    A record that refers by two of its fields counts once.
    """
    numbers, keys = Counter[Any](), defaultdict[Any, set[Any]](set)
    for held, value in releases:
        screen = held.holder.screen
        numbers[screen] += held.release(value)
        keys[screen].update(held.keys)
    each = ((screen, min(number, len(keys[screen]))) for screen, number in numbers.items())
    return ", ".join(f"{counted(number, screen.singular)} changed" for screen, number in each) + "."
