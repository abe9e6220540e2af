"""The places that a store can be: their methods, and the ways in which they fail."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple, Protocol

from dashboard.refusal import Refusal

PIECE = 256 * 1024
"""Bytes of a file that are read at once."""


CANNOT_STORE = "Files cannot be stored at the moment. Try again later."
CANNOT_READ = "Files cannot be read at the moment. Try again later."
FULL = "The disk for files is full. Ask an admin to make room, then try again."
MISSING = "This file is no longer stored."


class StoreAway(Refusal):
    """The store cannot be used now: no network, no rights, no bucket. Its ``__cause__`` says why."""


class StoreFull(StoreAway):
    """The disk of the store has no room."""


class FileMissing(Refusal):
    """There is no file of this name."""


class Stored(NamedTuple):
    """A file in a store: its name, how many bytes it has, and when it was stored, in UTC."""

    name: str
    size: int
    stored_at: datetime


class Place(Protocol):
    """A place for files; `Store` says what each method does, and checks the names before."""

    def put(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file."""

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces."""

    def size(self, name: str) -> int:
        """Return how many bytes a file has."""

    def delete(self, names: Sequence[str]) -> None:
        """Delete files."""

    def files(self) -> Iterator[Stored]:
        """Yield every file, those of other programs too."""
