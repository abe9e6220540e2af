"""A file with a picture, as a decoder may read it."""

from __future__ import annotations

import io
from typing import BinaryIO

from dashboard.refusal import Refusal

DAMAGED = "This image is damaged. Save it again with an image program, or use another one."
MOST_READS = 200_000
"""How often a file is read: once or a few times for each of its parts.

A file of 20 MB can have five million parts of four bytes. Decoders collect them in lists, some of them in a
time that grows with the square of their number. Pictures of real programs have some thousand.
"""
SCAN = b"\xff\xda"
MOST_SCANS = 64
"""How many passes over all of its pixels a JPEG may have; programs write ten at most.

A pass that changes nothing has some hundred bytes and takes some hundredths of a second.
"""


class PictureSource(io.BufferedIOBase):
    """A file that is read as often as a picture needs; raises Refusal beyond that."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        self.reads, self.scans = 0, 0
        self.is_jpeg = False
        """Whether scans are counted; in other formats their mark is there by chance."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return the next bytes."""
        content = self.file.read(-1 if size is None else size)
        self.reads += 1
        self.scans += content.count(SCAN) if self.is_jpeg else 0
        if self.reads > MOST_READS or self.scans > MOST_SCANS:
            raise Refusal(DAMAGED)
        return content

    def seek(self, place: int, whence: int = 0, /) -> int:
        """Go to a place, and return where that is."""
        return self.file.seek(place, whence)

    def tell(self) -> int:
        """Return where the next bytes are."""
        return self.file.tell()
