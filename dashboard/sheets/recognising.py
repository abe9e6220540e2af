"""Files are recognised by their content, never by their name."""

from __future__ import annotations

import io
import re
from typing import BinaryIO

from dashboard.refusal import Refusal
from dashboard.sheets.decoding import MARKING
from dashboard.sheets.delimiters import DELIMITERS, SAMPLE, guessed_delimiter, named_delimiter
from dashboard.sheets.encodings import KNOWN, EncodingQuestion, by_bom, is_utf_8, question, wide
from dashboard.sheets.file_format import FileFormat, Source, opened
from dashboard.sheets.limits import Limits
from dashboard.sheets.signatures import NO_TABLE, is_workbook
from dashboard.words import size_words

HEAD = 64 * 1024
BINARY = re.compile(rb"[\x01-\x08\x0e-\x19\x1c-\x1f].{,64}[\x01-\x08\x0e-\x19\x1c-\x1f]", re.DOTALL)
"""Control characters close to each other, which no text has."""


def recognise(
    source: Source, limits: Limits, *, encoding: str | None = None, delimiter: str | None = None
) -> FileFormat | EncodingQuestion:
    """Return the format of a file, or the question which encoding it has.

    `encoding` is the answer to that question, `delimiter` what the user corrects the guess to. Raises
    `Refusal` for a file that is too large or no table.
    """
    if encoding not in {None, *KNOWN}:
        raise Refusal("Choose one of the encodings.", "encoding")
    if delimiter is not None and (len(delimiter) != 1 or delimiter not in DELIMITERS):
        raise Refusal("Choose one of the delimiters.", "delimiter")
    with opened(source) as file:
        head = _head(file, limits)
        if is_workbook(file, head):
            return FileFormat("workbook")
        known = encoding or by_bom(head) or _plain(file, head)
        return known if isinstance(known, EncodingQuestion) else _text(file, known, delimiter)


def _head(file: BinaryIO, limits: Limits) -> bytes:
    """The first bytes of a file that is neither empty nor too large."""
    size = file.seek(0, io.SEEK_END)
    if size > limits.bytes:
        raise Refusal(f"This file is too large. {size_words(limits.bytes)} are allowed.")
    file.seek(0)
    head = file.read(HEAD)
    if not head.removeprefix(b"\xef\xbb\xbf").strip():
        raise Refusal("This file is empty.")
    return head


def _plain(file: BinaryIO, head: bytes) -> str | EncodingQuestion:
    """The encoding of a text without a byte order mark, if its bytes say it."""
    if wide(head) and (asked := question(file, head)).candidates:
        return asked
    if is_utf_8(file):
        return "utf-8"
    asked = question(file, head)
    if BINARY.search(head) or not asked.candidates:
        raise Refusal(f"This file is neither a workbook nor text. {NO_TABLE}")
    return asked


def _text(file: BinaryIO, encoding: str, delimiter: str | None) -> FileFormat:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding, MARKING, newline="")
    try:
        sample = text.read(SAMPLE)
    finally:
        text.detach()
    first = sample.splitlines(keepends=True)[0] if sample else ""
    named = named_delimiter(first)
    rest = sample[len(first) :] if named else sample
    return FileFormat("text", encoding, delimiter or named or guessed_delimiter(rest), int(named is not None))
