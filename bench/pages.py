"""The pages that every console is asked for."""

from __future__ import annotations

PAGE_SIZE = 50
OPERATIONS = ("list", "last page", "sort by name", "search", "filter")


def last_page(count: int) -> int:
    """The number of the last page of `count` rows, counted from 1."""
    return max(1, -(-count // PAGE_SIZE))
