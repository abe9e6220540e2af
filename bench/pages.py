"""The pages that every console is asked for."""

from __future__ import annotations

PAGE_SIZE = 50

LIST, LAST, SORT, MIDDLE = "list", "last page", "sort by name", "its middle"
COMMON, ONE, NOTHING, FILTER = "search, common word", "search, one SKU", "search, nothing", "filter 5 %"

PAGES = (LIST, LAST, SORT, MIDDLE, FILTER)
SEARCHES = (COMMON, ONE, NOTHING)
OPERATIONS = (LIST, LAST, SORT, MIDDLE, COMMON, ONE, NOTHING, FILTER)

Paths = dict[str, str]
"""Addresses by operation."""


def page_count(count: int) -> int:
    """How many pages `count` rows fill, which is the number of the last one, counted from 1."""
    return max(1, -(-count // PAGE_SIZE))
