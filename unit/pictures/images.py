"""Pictures for tests, made by Pillow, and a look at what became of them."""

import io
import struct
from collections.abc import Mapping
from typing import Any

from PIL import Image

from dashboard.pictures.reading import Picture, read_picture

Colour = tuple[int, ...]
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
RED, GREEN, BLUE, WHITE = (255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)
CORNERS: Mapping[str, Colour] = {
    "top left": RED,
    "top right": GREEN,
    "bottom left": BLUE,
    "bottom right": WHITE,
}
PLAIN_CHUNKS = {b"VP8 ", b"VP8L", b"VP8X", b"ALPH"}
ALPHA_FLAG = 0x10


def quarters(width: int = 120, height: int = 80) -> Image.Image:
    """A picture with another colour in each quarter."""
    image = Image.new("RGB", (width, height), RED)
    right, lower = width // 2, height // 2
    image.paste(GREEN, (right, 0, width, lower))
    image.paste(BLUE, (0, lower, right, height))
    image.paste(WHITE, (right, lower, width, height))
    return image


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    """The bytes of a picture in a format of Pillow."""
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def taken(content: bytes, **options: Any) -> Picture:
    """The picture that the console makes of these bytes."""
    return read_picture(io.BytesIO(content), **options)


def shown(picture: Picture, size: str = "full") -> Image.Image:
    """One size of a picture, decoded."""
    image = Image.open(io.BytesIO(picture.content[size]), formats=("WEBP",))
    image.load()
    return image


def corners(image: Image.Image) -> dict[str, Colour]:
    """The colours in the middle of each quarter."""
    across, down = (image.width // 4, image.width * 3 // 4), (image.height // 4, image.height * 3 // 4)
    places = [(x, y) for y in down for x in across]
    return dict(zip(CORNERS, (pixel(image, place) for place in places), strict=True))


def pixel(image: Image.Image, place: tuple[int, int] = (0, 0)) -> Colour:
    """The colour at a place."""
    found = image.getpixel(place)
    assert isinstance(found, tuple)
    return tuple(map(int, found))


def is_close(one: Colour, other: Colour, tolerance: int = 8) -> bool:
    """Whether two colours look the same; WebP changes each a little."""
    return all(abs(a - b) <= tolerance for a, b in zip(one, other, strict=True))


def looks_right(picture: Picture, size: str = "full", tolerance: int = 12) -> bool:
    """Whether a picture of `quarters` still has its colours in the right quarters."""
    found = corners(shown(picture, size).convert("RGB"))
    return all(is_close(found[name], CORNERS[name], tolerance) for name in CORNERS)


def chunks(webp: bytes) -> list[tuple[bytes, bytes]]:
    """The parts of a WebP, by their names."""
    assert webp[:4] == b"RIFF" and webp[8:12] == b"WEBP"
    assert struct.unpack("<I", webp[4:8])[0] == len(webp) - 8
    found, place = [], 12
    while place < len(webp):
        name, (length,) = webp[place : place + 4], struct.unpack("<I", webp[place + 4 : place + 8])
        found.append((name, webp[place + 8 : place + 8 + length]))
        place += 8 + length + length % 2
    return found


def is_plain(webp: bytes) -> bool:
    """Whether a WebP holds one picture and nothing else: no metadata, no profile, no animation."""
    parts = dict(chunks(webp))
    flags = parts.get(b"VP8X", b"\0")[0]
    return parts.keys() <= PLAIN_CHUNKS and not flags & ~ALPHA_FLAG


def all_plain(picture: Picture) -> bool:
    """Whether every size of a picture is plain and decodes to its own size."""
    return all(map(is_plain, picture.content.values())) and shown(picture).size == (
        picture.width,
        picture.height,
    )
