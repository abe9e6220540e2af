"""Keys that nobody types, because the mapping or the database makes another one for each row."""

from __future__ import annotations

import re
from typing import Any

VALUE, CAST = r"(?:'(?:[^']|'')*'|[-+]?[\d.]+)", r"(?:::[\w\s\".\[\](),]+)?"
CONSTANT = re.compile(rf"\(*\s*{VALUE}\s*{CAST}\)*")
"""The default of a column that is the same for every row, as PostgreSQL and SQLite write it."""


def is_given(column: Any) -> bool:
    """Whether a column of a primary key gets a value of its own in each row without being typed."""
    default, of_database = column.default, column.server_default
    made = default is not None and not getattr(default, "is_scalar", False)
    made_there = of_database is not None and not _is_constant(getattr(of_database, "arg", None))
    return made or made_there or column.identity is not None or column is column.table.autoincrement_column


def _is_constant(default: Any) -> bool:
    """Whether the default of a column is a text, or an expression that is nothing but one value."""
    if isinstance(default, str):
        return True
    return bool(CONSTANT.fullmatch(str(getattr(default, "text", ""))))
