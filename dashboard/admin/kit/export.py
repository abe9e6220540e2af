"""Exports as downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

from flask import Response, stream_with_context

from dashboard import clock
from dashboard.database.transactions import begin_snapshot
from dashboard.extensions import db
from dashboard.listing.export import csv_lines
from dashboard.listing.state import Listing, ListState
from dashboard.sheets.csv_text import BOM, in_pieces
from dashboard.web.slots import Slots

EXPORTS = Slots(4)
"""An export occupies a thread until it has been received; most threads stay free for pages."""


def in_turn(make: Callable[[], Response]) -> Response:
    """The response of `make`, once an export slot is free; raises `dashboard.web.slots.Busy` otherwise.

    The slot is freed when the response has been sent or its reader is gone.
    """
    with ExitStack() as turn:
        turn.enter_context(EXPORTS)
        response = make()
        response.call_on_close(turn.pop_all().close)
        return response


def csv_response(listing: Listing, state: ListState, name: str, *, bom: bool) -> Response:
    """Stream every row that `state` asks for as ``NAME-YYYY-MM-DD.csv``: the rows of one moment.

    `bom` marks the file as UTF-8 for spreadsheets; programs would read the mark as a part of the header.
    """
    filename = f"{name}-{clock.now():%Y-%m-%d}.csv"
    return Response(
        stream_with_context(in_pieces(_lines(listing, state, BOM if bom else ""))),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={filename}"},
    )


def _lines(listing: Listing, state: ListState, mark: str) -> Iterator[str]:
    begin_snapshot(db.session)  # here, because the session of the request has ended when lines are sent
    lines = csv_lines(db.session, listing, state)
    yield mark + next(lines)
    yield from lines
