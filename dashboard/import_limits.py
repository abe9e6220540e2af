"""The limits of files that are imported, as settings give them."""

from __future__ import annotations

from dashboard.sheets.limits import FIELD_LENGTH, SHEET_COLUMNS, Limits
from dashboard.variables import Variables

NAMES = {f"IMPORT_MAX_{name}" for name in ("BYTES", "ROWS", "COLUMNS", "CELL", "SECONDS")}
MOST_BYTES = 10 * 1024**3
MOST_ROWS = 100_000_000
MOST_SECONDS = 86_400


def read_import_limits(variables: Variables) -> Limits:
    """Read the limits, each a whole number; a wrong one is noted among the complaints."""
    usual = Limits()
    return Limits(
        bytes=variables.whole_number("IMPORT_MAX_BYTES", usual.bytes, 1, MOST_BYTES),
        rows=variables.whole_number("IMPORT_MAX_ROWS", usual.rows, 1, MOST_ROWS),
        columns=variables.whole_number("IMPORT_MAX_COLUMNS", usual.columns, 1, SHEET_COLUMNS),
        cell_length=variables.whole_number("IMPORT_MAX_CELL", usual.cell_length, 1, FIELD_LENGTH),
        seconds=variables.whole_number("IMPORT_MAX_SECONDS", usual.seconds, 1, MOST_SECONDS),
    )
