"""Tables as files of each format, piece by piece: CSV, workbooks and JSON Lines."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from dashboard.sheets.csv_text import csv_pieces
from dashboard.sheets.json_lines import json_pieces
from dashboard.sheets.pieces import Piece, Rows


def _xlsx_pieces(header: Sequence[str], rows: Rows) -> Iterator[Piece]:
    # Imported where it is used: servers, which write no workbooks, start without the library.
    from dashboard.sheets.xlsx import xlsx_pieces

    return xlsx_pieces(header, rows)


@dataclass(frozen=True)
class TableFormat:
    """A format of files: what people call it, how its files end, and their type.

    ``pieces`` takes the header and the rows. It raises `Refusal` where the format can't hold a value.
    """

    label: str
    suffix: str
    media_type: str
    pieces: Callable[[Sequence[str], Rows], Iterator[Piece]]


FORMATS = {
    "csv": TableFormat("CSV", ".csv", "text/csv", csv_pieces),
    "xlsx": TableFormat(
        "Excel workbook",
        ".xlsx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _xlsx_pieces,
    ),
    "jsonl": TableFormat("JSON Lines", ".jsonl", "application/jsonl", json_pieces),
}


def write_table(name: str, target: Path, header: Sequence[str], rows: Rows) -> int:
    """Write rows below a header to `target`, in the format of this name; return how many rows there were.

    Only the user of this process can read the file, and it exists only as a whole. Raises `Refusal` where the
    format can't hold a value, and what `rows` raises; nothing is left then.
    """
    part = target.with_name(f"{target.name}.part")
    count = 0
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as file:
            for piece in FORMATS[name].pieces(header, rows):
                file.write(piece.content)
                count += piece.rows
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)
    return count
