"""Values as JSON Lines: an object a line, in UTF-8."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from dashboard.sheets.pieces import Piece, Rows, in_batches
from dashboard.words import iso_seconds


def json_pieces(header: Sequence[str], rows: Rows) -> Iterator[Piece]:
    """A file with a line for each row, in which each value has the name of its column."""
    names = [f"{json.dumps(name, ensure_ascii=False)}: " for name in header]
    for batch in in_batches(rows):
        yield Piece("".join(_line(names, values) for values in batch).encode(), len(batch))


def _line(names: Sequence[str], values: Sequence[Any]) -> str:
    fields = (name + json_value(value) for name, value in zip(names, values, strict=True))
    return f"{{{', '.join(fields)}}}\n"


def json_value(value: Any) -> str:
    """A value as JSON. Numbers keep all their digits; moments are text in ISO 8601, in UTC."""
    if isinstance(value, Decimal):
        return str(value) if value.is_finite() else "null"
    if isinstance(value, float) and not math.isfinite(value):
        return "null"
    if isinstance(value, datetime):
        return f'"{iso_seconds(value)}"'
    return json.dumps(value, ensure_ascii=False, default=str)
