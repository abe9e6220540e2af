"""Values as lines of CSV (RFC 4180) that no spreadsheet runs.

Fields are written by column, for Python's own writer looks at each sign of each field, and takes as long as
reading the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from dashboard.sheets.neutralising import neutral
from dashboard.sheets.pieces import Piece, Rows, in_batches
from dashboard.words import iso_seconds

BOM = "\ufeff"
"""Without it, Excel takes a file for one in the old encoding of its system, and shows “Café” as “CafÃ©”."""
LINES_AT_ONCE = 250
# RFC 4180, 2.6, and what ends a field for readers of other kinds: a semicolon, a tab.
QUOTED = re.compile('[,"\n\r;\t]')


def csv_pieces(header: Sequence[str], rows: Rows) -> Iterator[Piece]:
    """A file with these rows below its header, in UTF-8 with the mark by which Excel knows it."""
    names = csv_line(quoted(neutral(name)) for name in header)
    yield Piece(f"{BOM}{names}".encode(), 0)
    for batch in in_batches(rows):
        columns = [csv_fields(values) for values in zip(*batch, strict=True)]
        yield Piece("".join(csv_lines_of(columns)).encode(), len(batch))


def csv_lines_of(columns: Sequence[Sequence[str]]) -> Iterator[str]:
    """The lines of fields that are given column by column."""
    return map(csv_line, zip(*columns, strict=True))


def csv_line(fields: Iterable[str]) -> str:
    """A line of fields that are already written as CSV has them."""
    return f"{','.join(fields)}\r\n"


def csv_fields(values: Sequence[Any]) -> list[str]:
    """The values of a column as fields: decided by the types of all of them, once."""
    kinds = {*map(type, values)}
    if kinds == {int}:
        return [*map(str, values)]
    if kinds == {datetime}:
        return [*map(iso_seconds, values)]
    if kinds == {str}:
        # Nothing that a spreadsheet would run begins with a letter or a digit.
        texts = [text if text[:1].isalnum() else neutral(text) for text in values]
        return [*map(quoted, texts)] if _needs_quotes("".join(texts)) else texts
    return [quoted("" if value is None else str(csv_value(value))) for value in values]


def csv_value(value: Any) -> Any:
    """A value as a file holds it: an apostrophe before text that a spreadsheet would run, else as it is."""
    if isinstance(value, datetime):
        return iso_seconds(value)
    return neutral(value) if isinstance(value, str) else value


def quoted(text: str) -> str:
    """A text as a field: in quotes where a reader would take a part of it for the end."""
    return '"' + text.replace('"', '""') + '"' if _needs_quotes(text) else text


def _needs_quotes(text: str) -> bool:
    return QUOTED.search(text) is not None


def in_pieces(lines: Iterator[str], most: int = LINES_AT_ONCE) -> Iterator[str]:
    """The same text in pieces of up to `most` lines: a server sends each piece by itself."""
    while piece := "".join(islice(lines, most)):
        yield piece
