"""A list as CSV, streamed row by row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from dashboard.database.transactions import AnySession
from dashboard.listing.columns import Column
from dashboard.listing.counting import planning_statistics
from dashboard.listing.paging import Rows, parts
from dashboard.listing.state import Listing, ListState
from dashboard.sheets.csv_text import csv_fields, csv_line, csv_lines_of
from dashboard.sheets.pieces import ROWS_AT_ONCE


def csv_lines(session: AnySession, listing: Listing, state: ListState) -> Iterator[str]:
    """The lines of a CSV file (RFC 4180) with every row that `state` asks for, a thousand in memory."""
    yield csv_line([column.name for column in listing.export])
    for columns in read_columns(session, listing, state, listing.export):
        yield from csv_lines_of([*map(csv_fields, columns)])


def read_columns(
    session: AnySession, listing: Listing, state: ListState, columns: Sequence[Column]
) -> Iterator[Sequence[Sequence[Any]]]:
    """The values of every row that `state` asks for: up to a thousand rows at a time, column by column.

    One loop for each column is quicker than one for each field.
    """
    known = planning_statistics(session, listing, state)
    rows = Rows.planned(session, listing, state, columns, known, wanted=None)
    for statement in rows.every():
        # Past the ORM, which has nothing to add to values.
        found = session.connection().execute(statement.execution_options(yield_per=ROWS_AT_ONCE))
        for batch in found.partitions():
            read = [*zip(*batch, strict=True)]
            yield [column.fields(*read[part]) for column, part in parts(columns)]
