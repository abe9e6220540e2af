"""Exports as downloads."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response, stream_with_context

from dashboard import clock
from dashboard.database import begin_snapshot
from dashboard.extensions import db
from dashboard.listing.export import csv_lines, in_pieces
from dashboard.listing.state import Listing, ListState


def csv_response(listing: Listing, state: ListState, name: str) -> Response:
    """Stream every row that `state` asks for as ``NAME-YYYY-MM-DD.csv``: the rows of one moment."""
    filename = f"{name}-{clock.now():%Y-%m-%d}.csv"
    return Response(
        stream_with_context(in_pieces(_lines(listing, state))),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={filename}"},
    )


def _lines(listing: Listing, state: ListState) -> Iterator[str]:
    begin_snapshot(db.session)  # here, for the session of the request has ended when the first line is sent
    yield from csv_lines(db.session, listing, state)
