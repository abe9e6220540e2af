"""In which encoding a text may be: the user decides where its bytes do not."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from dashboard.sheets.decoding import MARK, MARKING

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
WIDE = {"utf-16-le": "UTF-16 (little-endian)", "utf-16-be": "UTF-16 (big-endian)"}
ENCODINGS = {
    "windows-1252": "Windows, Western Europe (windows-1252)",
    "iso-8859-15": "Western Europe with the euro sign (ISO 8859-15)",
    "windows-1250": "Windows, Central Europe (windows-1250)",
    "iso-8859-2": "Central Europe (ISO 8859-2)",
    "mac-roman": "Old Macs (Mac Roman)",
    "cp850": "DOS, Western Europe (code page 850)",
    "windows-1251": "Windows, Cyrillic (windows-1251)",
    "windows-1253": "Windows, Greek (windows-1253)",
    "windows-1254": "Windows, Turkish (windows-1254)",
    "shift_jis": "Japanese (Shift JIS)",
    "gb18030": "Chinese (GB 18030)",
    "big5": "Traditional Chinese (Big5)",
    "utf-8": "UTF-8 with mistakes; the rows that hold them are refused",
    **WIDE,
}
KNOWN = {*ENCODINGS, *(name for _, name in BOMS)}
PREVIEW_LINES = 5
PREVIEW_LENGTH = 200
SAMPLE = 64 * 1024
PAIRS = re.compile(rb"[\x80-\xff][\x00-\xff]?")
MOST_LETTERS = 2000
"""Different pieces beyond ASCII that candidates are compared by."""


@dataclass(frozen=True)
class Candidate:
    """An encoding that the file may have, what it is called, and lines of the file as it reads them."""

    encoding: str
    label: str
    preview: tuple[str, ...]


@dataclass(frozen=True)
class EncodingQuestion:
    """A question to the user: which of the previews is right."""

    text: str
    candidates: tuple[Candidate, ...]


def by_bom(head: bytes) -> str | None:
    """The encoding that the byte order mark of a file names."""
    return next((name for bom, name in BOMS if head.startswith(bom)), None)


def wide(head: bytes) -> list[str]:
    """The encoding of two bytes a character that a text without a byte order mark seems to have.

    Every ASCII character, a delimiter at least, has a NUL in the same half of its two bytes.
    """
    nuls = {"utf-16-le": head[1::2].count(0), "utf-16-be": head[0::2].count(0)}
    (name, most), (_, fewest) = sorted(nuls.items(), key=lambda found: -found[1])
    share = most / max(1, len(head) // 2)
    return [name] if fewest <= most / 10 and (share > 0.3 or (share > 0.05 and most >= 20)) else []


def is_utf_8(file: BinaryIO) -> bool:
    """Whether the whole file is UTF-8 without a mistake; it is never in memory as a whole."""
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        while piece := file.read(SAMPLE * 16):
            decoder.decode(piece)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def question(file: BinaryIO, head: bytes) -> EncodingQuestion:
    """Ask which encoding a file has, with a preview in each that can be right."""
    names = wide(head)
    lines = [head] if names else [*_lines_beyond_ascii(file)]
    found: dict[str, Candidate] = {}
    for name in names or [name for name in ENCODINGS if name not in WIDE]:
        texts = [_decoded(line, name) for line in lines]
        if name == "utf-8" and all(MARK in text for text in texts):
            continue
        if name == "utf-8" or not any(MARK in text or _has_controls(text) for text in texts):
            found.setdefault("\n".join(texts), Candidate(name, ENCODINGS[name], _preview(texts)))
    return EncodingQuestion("Which of these shows all letters as they should be?", tuple(found.values()))


def _lines_beyond_ascii(file: BinaryIO) -> Iterator[bytes]:
    """The lines that hold a byte beyond ASCII which no line before them held, with its neighbour."""
    file.seek(0)
    seen: set[bytes] = set()
    while line := file.readline(PREVIEW_LENGTH * 8):
        if line.isascii():
            continue
        pieces = set(PAIRS.findall(line))
        if not pieces <= seen:
            seen |= pieces
            yield line
        if len(seen) > MOST_LETTERS:
            return


def _decoded(line: bytes, name: str) -> str:
    return line.decode(name, MARKING).replace("\0", "").rstrip("\r\n")


def _has_controls(text: str) -> bool:
    return any("\x80" <= sign <= "\x9f" for sign in text)


def _preview(texts: list[str]) -> tuple[str, ...]:
    lines = [line for text in texts for line in text.splitlines() if not line.isascii()] or texts[:1]
    return tuple(_part(line.replace(MARK, "\ufffd")) for line in lines[:PREVIEW_LINES])


def _part(line: str) -> str:
    """The part of a line around its first letter beyond ASCII."""
    first = next((at for at, sign in enumerate(line) if not sign.isascii()), 0)
    begin = max(0, first - PREVIEW_LENGTH // 2)
    return line[begin : begin + PREVIEW_LENGTH]
