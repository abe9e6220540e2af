"""A list as CSV, streamed row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from typing import Any

from dashboard.database import AnySession
from dashboard.listing.counting import plan_rows
from dashboard.listing.paging import Rows, parts
from dashboard.listing.state import Listing, ListState

ROWS_AT_ONCE = 1000
LINES_AT_ONCE = 250
# OWASP, CSV Injection: a spreadsheet runs text that begins with one of these as a formula.
FORMULA_BEGINNINGS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0")
# The full-width forms, which some spreadsheets fold to the plain ones.
FULL_WIDTH_BEGINNINGS = ("\uff1d", "\uff0b", "\uff0d", "\uff20")


class _Line:
    """A file that keeps only the line written last, which is all that streaming needs."""

    text = ""

    def write(self, text: str) -> None:
        self.text = text


def csv_lines(session: AnySession, listing: Listing, state: ListState) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) with every row that `state` asks for, a thousand in memory."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow([column.name for column in listing.export])
    yield line.text
    rows = Rows(session, listing, state, listing.export, plan_rows(session, listing, state))
    plain = [(column.plain or _first, part) for column, part in parts(listing.export)]
    for statement in rows.every():
        for values in session.execute(statement.execution_options(yield_per=ROWS_AT_ONCE)):
            writer.writerow([csv_value(write(*values[part])) for write, part in plain])
            yield line.text


def _first(value: object, *_others: object) -> object:
    return value


def in_pieces(lines: Iterator[str], most: int = LINES_AT_ONCE) -> Iterator[str]:
    """The same text in pieces of up to `most` lines: a server sends each piece by itself."""
    while piece := "".join(islice(lines, most)):
        yield piece


def csv_value(value: Any) -> Any:
    """A value as a file holds it: an apostrophe before text that a spreadsheet would run, else as it is."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="seconds")
    if isinstance(value, str) and value.lstrip(" ").startswith(FORMULA_BEGINNINGS + FULL_WIDTH_BEGINNINGS):
        return "'" + value
    return value
