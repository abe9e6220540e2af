"""How large a file may be that is read."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard.words import MEGABYTE

ROW_LENGTH = 1024 * 1024
"""Characters of a row. A longer one is a file without line breaks, or one whose quote is never closed."""
NAME_LENGTH = 200  # characters of a name in the header
FIELD_LENGTH = 128 * 1024  # what Python's reader takes; no limit of a cell is above it
SHEET_COLUMNS = 16_384  # of Excel


@dataclass(frozen=True, kw_only=True)
class Limits:
    """The most that a file may hold; ``seconds`` bound the reading of a workbook.

    ``cells`` binds workbooks only, whose cells are all in memory at once.
    """

    bytes: int = 100 * MEGABYTE
    rows: int = 2_000_000
    columns: int = 200
    cell_length: int = 32_768
    cells: int = 20_000_000
    seconds: int = 600
