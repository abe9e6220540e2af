"""The type of a file, recognised by its content, never by its name."""

from __future__ import annotations

import csv
import re
from codecs import BOM_UTF8
from collections.abc import Collection
from typing import BinaryIO

from dashboard.refusal import Refusal
from dashboard.sheets.delimiters import guessed_delimiter
from dashboard.sheets.encodings import is_utf_8
from dashboard.sheets.signatures import ZIP, members, part_name

UNKNOWN = "application/octet-stream"
PLAIN_TEXT, CSV = "text/plain", "text/csv"
ARCHIVE = "application/zip"
PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif")
SIGNATURES = (
    (b"%PDF-", "application/pdf"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
)
OFFICE = "application/vnd.openxmlformats-officedocument."
OF_OFFICE = (
    ("word/document.xml", f"{OFFICE}wordprocessingml.document"),
    ("xl/workbook.xml", f"{OFFICE}spreadsheetml.sheet"),
    ("ppt/presentation.xml", f"{OFFICE}presentationml.presentation"),
)
OFFICE_PARTS = "[Content_Types].xml"
MACROS = "vbaProject.bin"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument."
OPEN_DOCUMENTS = tuple(f"{OPEN_DOCUMENT}{kind}" for kind in ("text", "spreadsheet", "presentation"))
NAME_BEGINS = 30
"""Where the name of the first member of a zip begins; OpenDocument has its type there, not compressed."""
OWN_TYPE = b"mimetype"
HEAD = 2048
PIECE = 64 * 1024
MARKUP = b"<"
CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")  # which no text has


def media_type_of(source: BinaryIO) -> str:
    """Return the media type of a file, `UNKNOWN` for one that is not among those that are recognised.

    Web pages, SVG and other markup are such files, so that they pass for no text, and so are documents with
    macros.
    """
    source.seek(0)
    head = source.read(HEAD)
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    for signature, media_type in SIGNATURES:
        if head.startswith(signature):
            return media_type
    return _of_zip(source, head) if head.startswith(ZIP) else _of_text(source, head)


def _of_zip(source: BinaryIO, head: bytes) -> str:
    try:
        names = {part_name(member) for member in members(source)}
    except Refusal:
        return UNKNOWN
    if head[NAME_BEGINS:].startswith(OWN_TYPE):
        return _own_type(head[NAME_BEGINS + len(OWN_TYPE) :])
    return _of_office(names) if OFFICE_PARTS in names else ARCHIVE


def _own_type(rest: bytes) -> str:
    """The type that an OpenDocument file says it has; a template or a drawing is just an archive."""
    found = (each for each in OPEN_DOCUMENTS if rest.startswith(each.encode() + b"PK"))
    return next(found, ARCHIVE)


def _of_office(names: Collection[str]) -> str:
    if any(name.endswith(MACROS) for name in names):
        return UNKNOWN
    return next((media_type for name, media_type in OF_OFFICE if name in names), ARCHIVE)


def _of_text(source: BinaryIO, head: bytes) -> str:
    beginning = head.removeprefix(BOM_UTF8).lstrip()
    if not beginning or beginning.startswith(MARKUP) or _has_controls(source) or not is_utf_8(source):
        return UNKNOWN
    return CSV if _is_table(head.decode("utf-8-sig", "ignore"), is_cut=len(head) == HEAD) else PLAIN_TEXT


def _has_controls(source: BinaryIO) -> bool:
    source.seek(0)
    return any(CONTROLS.search(piece) for piece in iter(lambda: source.read(PIECE), b""))


def _is_table(sample: str, *, is_cut: bool) -> bool:
    """Whether a text begins with headings, and all lines have as many cells; the last one may be cut off."""
    lines = sample.rstrip().splitlines(keepends=True)
    rows = [*csv.reader(lines, delimiter=guessed_delimiter(sample))]
    widths = {len(row) for row in (rows[:-1] if is_cut else rows)}
    return len(rows) > 1 and len(widths) == 1 and len(rows[0]) > 1 and all(map(str.strip, rows[0]))
