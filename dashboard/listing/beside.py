"""The page right after or before a place, whatever its rows are read from (keyset paging)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

R = TypeVar("R")
P = TypeVar("P")


@dataclass(frozen=True)
class Beside(Generic[R]):
    """The rows of a page in their order, and whether there are more before and after them."""

    rows: Sequence[R]
    before: bool
    after: bool


def read_beside(
    read: Callable[[P | None, bool], Sequence[R]], size: int, place: P | None, backwards: bool
) -> Beside[R]:
    """Read the page right after `place`, or before it; None is the end of the list.

    `read` takes a place and a direction, and returns up to `size` rows and one more in the order of the list.
    A place without rows beyond it shows that end of the list: the rows there may have been deleted.
    """
    found = read(place, backwards)
    if not found and place is not None:
        place, backwards = None, not backwards
        found = read(place, backwards)
    return cut(found, size, backwards, beyond=place is not None)


def cut(found: Sequence[R], size: int, backwards: bool, beyond: bool) -> Beside[R]:
    """Drop the row read beyond the page, which proves that there are more; `beyond` is the other side."""
    more = len(found) > size
    if backwards:
        return Beside(found[-size:], before=more, after=beyond)
    return Beside(found[:size], before=beyond, after=more)
