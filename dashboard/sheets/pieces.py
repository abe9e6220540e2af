"""Files that are written piece by piece, so that memory does not grow with their rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, NamedTuple

ROWS_AT_ONCE = 1000
Rows = Iterable[Sequence[Any]]
"""Rows of Python values: text, numbers, dates, moments in UTC, truth, or None for an empty cell."""


class Piece(NamedTuple):
    """The next bytes of a file, and how many more rows were taken in; bytes may come after all rows."""

    content: bytes
    rows: int


def in_batches(rows: Rows) -> Iterator[list[Sequence[Any]]]:
    """The same rows, a thousand at a time."""
    rest = iter(rows)
    while batch := [*islice(rest, ROWS_AT_ONCE)]:
        yield batch
