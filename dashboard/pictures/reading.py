"""Pictures of any origin made into pictures of our own, in three sizes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import BoundedSemaphore
from types import MappingProxyType
from typing import BinaryIO
from warnings import catch_warnings

from PIL import Image

from dashboard.pictures.decoding import decoded, fitted
from dashboard.refusal import Refusal

SIZES: Mapping[str, int] = MappingProxyType({"full": 2400, "medium": 800, "small": 160})
"""The longest edge of each size in pixels, the largest first; a smaller picture is never enlarged."""
MOST_PIXELS = 50_000_000
QUALITY = 80
METHOD = 2
"""How hard WebP is compressed, of 0 to 6: the usual 4 takes 1.7 times as long and saves 3 % of the bytes."""
AT_ONCE = 1
"""Pictures that a process decodes at the same time: each takes a processor and up to some 400 MB."""
PATIENCE = 30.0
"""Seconds that a picture waits for its turn; twenty large ones together take about half as long."""
BUSY = "Too many images are being uploaded at the moment. Try again in a minute."
_turns = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True)
class Picture:
    """A picture in all sizes: ``content`` is the WebP of each, the other two are the size of the full one."""

    width: int
    height: int
    content: Mapping[str, bytes]


def read_picture(source: BinaryIO, *, most_pixels: int = MOST_PIXELS) -> Picture:
    """Return the picture in a file, which has to be a JPEG, PNG, WebP or GIF.

    It is decoded and encoded again: upright, in sRGB, without metadata, and without whatever else the file
    holds. Raises Refusal with one sentence for any other file, a damaged one, one with too many pixels, and
    if too many others are waiting.
    """
    # Pillow warns of faults that it reads past; whoever reads the log can't mend a file of a user.
    with _turn(), catch_warnings(action="ignore"):
        image = decoded(source, max(SIZES.values()), most_pixels)
        return Picture(image.width, image.height, _contents(image))


def check_picture(source: BinaryIO, *, most_pixels: int = MOST_PIXELS) -> None:
    """Raise Refusal where `read_picture` would, but read no more of a JPEG than its smallest size takes."""
    with _turn(), catch_warnings(action="ignore"):
        decoded(source, min(SIZES.values()), most_pixels)


@contextmanager
def _turn() -> Iterator[None]:
    """Wait until fewer than `AT_ONCE` pictures are decoded; raises Refusal if that takes too long."""
    if not _turns.acquire(timeout=PATIENCE):
        raise Refusal(BUSY)
    try:
        yield
    finally:
        _turns.release()


def _contents(image: Image.Image) -> dict[str, bytes]:
    """The WebP of each size, each made of the size before; the same one where they are equally large."""
    contents: dict[str, bytes] = {}
    content = b""
    for name, edge in SIZES.items():
        if not content or max(image.size) > edge:
            size = fitted(image.size, edge)
            image = image.resize(size, Image.Resampling.LANCZOS) if size != image.size else image
            content = _webp(image)
        contents[name] = content
    return contents


def _webp(image: Image.Image) -> bytes:
    """The bytes of a picture as WebP, into which Pillow writes metadata only if it is told to."""
    file = io.BytesIO()
    image.save(file, "WEBP", quality=QUALITY, method=METHOD)
    return file.getvalue()
