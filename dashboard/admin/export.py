"""Exports as downloads."""

from __future__ import annotations

from flask import Response, stream_with_context

from dashboard import clock
from dashboard.extensions import db
from dashboard.listing.export import csv_lines, in_pieces
from dashboard.listing.state import Listing, ListState


def csv_response(listing: Listing, state: ListState, name: str) -> Response:
    """Stream every row that `state` asks for as ``NAME-YYYY-MM-DD.csv``."""
    filename = f"{name}-{clock.now():%Y-%m-%d}.csv"
    return Response(
        stream_with_context(in_pieces(csv_lines(db.session, listing, state))),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={filename}"},
    )
