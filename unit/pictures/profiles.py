"""Colour profiles for tests, so unlike sRGB that a picture shows whether they were used."""

import struct

D50 = (0.9642, 1.0, 0.8249)
RED, GREEN, BLUE = (0.4361, 0.2225, 0.0139), (0.3851, 0.7169, 0.0971), (0.1431, 0.0606, 0.7141)
"""The primaries of sRGB, adapted to D50."""


def _fixed(*numbers: float) -> bytes:
    return b"".join(struct.pack(">i", round(number * 65536)) for number in numbers)


def _xyz(colour: tuple[float, float, float]) -> bytes:
    return b"XYZ \0\0\0\0" + _fixed(*colour)


def _gamma(number: float) -> bytes:
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(number * 256)) + b"\0\0"


def _profile(kind: bytes, space: bytes, connection: bytes, tags: dict[bytes, bytes]) -> bytes:
    """A profile of version 2 with these tags."""
    tags = {b"wtpt": _xyz(D50), b"desc": b"desc\0\0\0\0" + struct.pack(">I", 2) + b"x\0" + b"\0" * 78, **tags}
    place, table, data = 128 + 4 + 12 * len(tags), b"", b""
    for name, content in tags.items():
        content += b"\0" * (-len(content) % 4)
        table += name + struct.pack(">II", place + len(data), len(content))
        data += content
    size = place + len(data)
    head = struct.pack(">I4sI4s4s4s12x4s28x", size, b"lcms", 0x02100000, kind, space, connection, b"acsp")
    return (head + _fixed(*D50)).ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + data


def swapped_rgb() -> bytes:
    """A profile of a screen whose red is the green of others, and the other way round."""
    colours = {b"rXYZ": _xyz(GREEN), b"gXYZ": _xyz(RED), b"bXYZ": _xyz(BLUE)}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), _gamma(2.2))
    return _profile(b"mntr", b"RGB ", b"XYZ ", {**colours, **curves})


def linear_gray() -> bytes:
    """A profile of gray in which the values are amounts of light."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"kTRC": _gamma(1.0)})


def inks(cyan_is: tuple[int, int, int]) -> bytes:
    """A profile of a printer whose cyan ink has another colour, in CIELAB; paper is white, black is black."""
    paper, black = (255, 128, 128), (0, 128, 128)
    grid = b""
    for corner in range(16):  # cyan changes slowest, black fastest
        colour = black if corner & 1 else bytes(cyan_is) if corner & 8 else paper
        grid += bytes(colour)
    line = bytes(range(256))
    matrix = _fixed(1, 0, 0, 0, 1, 0, 0, 0, 1)
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + line * 4 + grid + line * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"A2B0": table})
