"""Lists of plain values as texts: one value a line.

A text that a line alone would not give again stands in JSON's quotes: one that is empty, has several lines or
blanks at its ends, begins with a quote, or is one of the words below.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import ARRAY, String

from dashboard.admin.record_view.own_types import Texts

NOTHING, EMPTY = "null", "[]"
"""The lines for no value, and for a list without values."""


def texts_of_list(kind: ARRAY[Any], item: Texts | None) -> Texts | None:
    """How to read and write a list whose values `item` reads and writes; None for a list of lists."""
    if item is None or kind.dimensions not in (None, 1):
        return None
    read, write = item
    longest = kind.item_type.length if isinstance(kind.item_type, String) else None

    def read_line(place: int, line: str) -> Any:
        if line == NOTHING:
            return None
        try:
            text = _unquoted(line)
            if longest is not None and len(text) > longest:
                raise ValueError(f"Use at most {longest} characters; this has {len(text)}.")
            return read(text)
        except ValueError as error:
            raise ValueError(f"Line {place}: {error}") from None

    def read_list(text: str) -> list[Any]:
        lines = [(place, line.strip()) for place, line in enumerate(text.split("\n"), 1)]
        filled = [(place, line) for place, line in lines if line]
        return [] if [line for _, line in filled] == [EMPTY] else [read_line(*each) for each in filled]

    def write_list(values: Sequence[Any]) -> str:
        lines = (NOTHING if value is None else _quoted(write(value)) for value in values)
        return "\n".join(lines) if values else EMPTY

    return read_list, write_list


def _quoted(text: str) -> str:
    is_plain = text and text.strip() == text and text not in (NOTHING, EMPTY)
    is_one_line = not text.startswith('"') and "\n" not in text and "\r" not in text
    return text if is_plain and is_one_line else json.dumps(text, ensure_ascii=False)


def _unquoted(line: str) -> str:
    if "\0" in line or "\\u0000" in line:
        raise ValueError("Remove the control characters.")
    if not line.startswith('"'):
        return line
    try:
        found = json.loads(line)
    except ValueError:
        found = None
    if not isinstance(found, str):
        raise ValueError("End the text with a quote, or begin without one.")
    return found
