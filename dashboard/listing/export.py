"""A list as CSV, streamed row by row."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice
from types import NoneType
from typing import Any

from dashboard.database import AnySession
from dashboard.listing.columns import Column
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
    for statement in rows.every():
        # Past the ORM, which has nothing to add to values.
        found = session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
        for batch in found.partitions():
            for values in zip(*_columns(listing.export, batch), strict=True):
                writer.writerow(values)
                yield line.text


def _columns(columns: Sequence[Column], rows: Sequence[Any]) -> list[Sequence[Any]]:
    """What a file holds of `rows`, column by column: one loop for each is quicker than one for each cell."""
    read = [*zip(*rows, strict=True)]
    return [
        csv_values([*map(column.plain, *read[part])] if column.plain else read[part.start])
        for column, part in parts(columns)
    ]


def csv_values(values: Sequence[Any]) -> Sequence[Any]:
    """The values of a column as a file holds them: what all of them are decides how, not each anew."""
    kinds = {*map(type, values)}
    if kinds <= {int, NoneType}:
        return values
    if kinds == {datetime}:
        return [moment.isoformat(timespec="seconds") for moment in values]
    if kinds == {str}:  # nothing a spreadsheet would run begins with a letter or a digit
        return [text if text[:1].isalnum() else csv_value(text) for text in values]
    return [csv_value(value) for value in values]


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
