"""A list as CSV, streamed row by row.

Fields are written by column, for Python's own writer looks at each sign of each field, and takes as long as
reading the rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from dashboard.database.transactions import AnySession
from dashboard.listing.columns import Column
from dashboard.listing.counting import planning_statistics
from dashboard.listing.paging import Rows, parts
from dashboard.listing.state import Listing, ListState
from dashboard.words import iso_seconds

BOM = "\ufeff"
"""Without it, Excel takes a file for one in the old encoding of its system, and shows “Café” as “CafÃ©”."""
ROWS_AT_ONCE = 1000
LINES_AT_ONCE = 250
# OWASP, CSV Injection: a spreadsheet runs text that begins with one of these as a formula.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# The full-width forms, which some spreadsheets fold to the plain ones.
FULL_WIDTH_BEGINNINGS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")
# RFC 4180, 2.6, and what ends a field for readers of other kinds: a semicolon, a tab.
QUOTED = re.compile('[,"\n\r;\t]')


def csv_lines(session: AnySession, listing: Listing, state: ListState) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) with every row that `state` asks for, a thousand in memory."""
    yield _line([column.name for column in listing.export])
    known = planning_statistics(session, listing, state)
    rows = Rows.planned(session, listing, state, listing.export, known, wanted=None)
    for statement in rows.every():
        # Past the ORM, which has nothing to add to values.
        found = session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
        for batch in found.partitions():
            yield from map(_line, zip(*_columns(listing.export, batch), strict=True))


def _line(fields: Iterable[str]) -> str:
    return f"{','.join(fields)}\r\n"


def _columns(columns: Sequence[Column], rows: Sequence[Any]) -> list[list[str]]:
    """The fields of `rows`, column by column: one loop for each is quicker than one for each field."""
    read = [*zip(*rows, strict=True)]
    return [_fields(column.fields(*read[part])) for column, part in parts(columns)]


def _fields(values: Sequence[Any]) -> list[str]:
    """The values of a column as fields: decided by the types of all of them, once."""
    kinds = {*map(type, values)}
    if kinds == {int}:
        return [*map(str, values)]
    if kinds == {datetime}:
        return [*map(iso_seconds, values)]
    if kinds == {str}:
        # Nothing that a spreadsheet would run begins with a letter or a digit.
        texts = [text if text[:1].isalnum() else csv_value(text) for text in values]
        return [*map(_quoted, texts)] if _needs_quotes("".join(texts)) else texts
    return [_quoted("" if value is None else str(csv_value(value))) for value in values]


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _needs_quotes(text) else text


def _needs_quotes(text: str) -> bool:
    return QUOTED.search(text) is not None


def in_pieces(lines: Iterator[str], most: int = LINES_AT_ONCE) -> Iterator[str]:
    """The same text in pieces of up to `most` lines: a server sends each piece by itself."""
    while piece := "".join(islice(lines, most)):
        yield piece


def csv_value(value: Any) -> Any:
    """A value as a file holds it: an apostrophe before text that a spreadsheet would run, else as it is."""
    if isinstance(value, datetime):
        return iso_seconds(value)
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_BEGINNINGS + FULL_WIDTH_BEGINNINGS):
        return "'" + value
    return value
