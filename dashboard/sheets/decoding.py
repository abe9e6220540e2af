"""Bytes that are no text in their encoding are marked, so that the row that holds them can be named."""

from __future__ import annotations

import codecs

MARK = "\udcff"
"""A character that no text can hold stands for bytes that could not be read."""
MARKING = "dashboard.sheets.marking"


def _mark(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return MARK, error.end


codecs.register_error(MARKING, _mark)


def has_bad_bytes(text: str) -> bool:
    """Whether a text holds bytes that could not be read, or half of a character of UTF-16."""
    if text.isascii():
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
