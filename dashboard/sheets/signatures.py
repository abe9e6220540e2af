"""Kinds of files that are known by their first bytes."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Collection
from typing import BinaryIO

from dashboard.refusal import Refusal

WORKBOOK = re.compile(r"(?:xl/)?workbook[^/]*\.xml")
ZIP = (b"PK\x03\x04", b"PK\x05\x06")
SAVE_AS = "Open it in a spreadsheet program and save it as .xlsx or CSV."
SAVE_AS_CSV = "Open it in a spreadsheet program and save it as CSV."
NO_TABLE = "Choose a table: a CSV file or an .xlsx workbook."
OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e".encode("ascii")
SIGNATURES = (
    (b"\x1f\x8b", "This file is compressed (gzip). Unpack it first."),
    (b"BZh", "This file is compressed (bzip2). Unpack it first."),
    (b"\xfd7zXZ\0", "This file is compressed (xz). Unpack it first."),
    (b"\x28\xb5\x2f\xfd", "This file is compressed (Zstandard). Unpack it first."),
    (b"7z\xbc\xaf\x27\x1c", "This file is an archive (7z). Unpack it first."),
    (b"Rar!\x1a\x07", "This file is an archive (RAR). Unpack it first."),
    (b"%PDF-", f"This file is a PDF. {NO_TABLE}"),
    (b"{\\rtf", f"This file is a text document (RTF). {NO_TABLE}"),
    (b"\x89PNG\r\n\x1a\n", f"This file is an image. {NO_TABLE}"),
    (b"\xff\xd8\xff", f"This file is an image. {NO_TABLE}"),
    (b"GIF8", f"This file is an image. {NO_TABLE}"),
    (b"SQLite format 3\0", f"This file is a database (SQLite). {NO_TABLE}"),
    (b"PAR1", f"This file is a Parquet file. {NO_TABLE}"),
    (b"\x7fELF", f"This file is a program. {NO_TABLE}"),
)
MARKUP = (b"<!doctype html", b"<html", b"<?xml", b"<table")
OF_ZIP = (
    ("xl/workbook.bin", f"This file is a binary workbook (.xlsb). {SAVE_AS}"),
    ("word/document.xml", f"This file is a text document (.docx). {NO_TABLE}"),
    ("ppt/presentation.xml", f"This file is a presentation (.pptx). {NO_TABLE}"),
    ("content.xml", f"This file is an OpenDocument file (.ods). {SAVE_AS}"),
    ("Index/Document.iwa", f"This file is a Numbers document. {SAVE_AS}"),
)
DIRECTORY_BYTES = 1024 * 1024
MANY_PARTS = f"This workbook has too many parts. {SAVE_AS_CSV}"
END_OF_ZIP = 64 * 1024 + 22 + 20 + 56  # the longest comment, and the records before it
ENDS = {b"PK\x05\x06": (12, 4), b"PK\x06\x06": (40, 8)}
"""Records that end a zip, and where they have the length of its directory, in how many bytes."""
IN_ZIP64 = b"\xff\xff\xff\xff"  # the second record has it


def is_workbook(file: BinaryIO, head: bytes) -> bool:
    """Whether a file is an .xlsx workbook; False for text. Raises Refusal for a file of any other kind."""
    for signature, why in SIGNATURES:
        if head.startswith(signature):
            raise Refusal(why)
    if head.startswith(OLD_OFFICE):
        raise Refusal(_of_old_office(file))
    if head.removeprefix(b"\xef\xbb\xbf").lstrip()[:20].lower().startswith(MARKUP):
        raise Refusal(f"This file is a web page or XML. {SAVE_AS}")
    if not head.startswith(ZIP):
        return False
    names = _names(file)
    if any(map(WORKBOOK.fullmatch, names)):
        return True
    raise Refusal(
        next((why for name, why in OF_ZIP if name in names), f"This file is a ZIP archive. {NO_TABLE}")
    )


def _of_old_office(file: BinaryIO) -> str:
    """The fault of a compound file: an encrypted workbook is one, and so is one of Excel 97."""
    file.seek(0)
    start = file.read(1024 * 1024)
    file.seek(max(0, file.seek(0, 2) - 1024 * 1024))
    if ENCRYPTED in start or ENCRYPTED in file.read():
        return "This workbook has a password. Open it, remove the password and save it as .xlsx or CSV."
    return f"This file is an old workbook (.xls). {SAVE_AS}"


def is_document(names: Collection[str]) -> bool:
    """Whether parts with these names are those of a workbook or another document, which is a zip as well."""
    return any(map(WORKBOOK.fullmatch, names)) or any(name in names for name, _ in OF_ZIP)


def _names(file: BinaryIO) -> set[str]:
    return {part_name(member) for member in members(file)}


def part_name(member: zipfile.ZipInfo) -> str:
    """The name of a part; some programs write it with backslashes."""
    return member.filename.replace("\\", "/")


def members(file: BinaryIO) -> list[zipfile.ZipInfo]:
    """The members of a zip. Raises Refusal where it is damaged or has too many."""
    refuse_large_directory(file)
    try:
        with zipfile.ZipFile(file) as archive:
            return archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, RuntimeError, EOFError) as error:
        raise Refusal(f"This workbook is damaged. {SAVE_AS}") from error


def refuse_large_directory(file: BinaryIO, most: int = DIRECTORY_BYTES, why: str = MANY_PARTS) -> None:
    """Look at how long the directory of a zip is before it is read: each entry becomes an object.

    Raises Refusal with the sentence `why` above `most` bytes.
    """
    file.seek(max(0, file.seek(0, 2) - END_OF_ZIP))
    tail = file.read()
    for signature, (place, width) in ENDS.items():
        for found in re.finditer(re.escape(signature), tail):  # a reader may take any of them for the end
            length = tail[found.start() + place :][:width]
            if int.from_bytes(length, "little") > most and length != IN_ZIP64:
                raise Refusal(why)
