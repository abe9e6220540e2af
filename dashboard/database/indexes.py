"""Which columns an index leads to, as a mapping declares them."""

from __future__ import annotations

from typing import Any


def has_index(column: Any) -> bool:
    """Whether rows are found by this column of a table without reading all: a key, or first in an index."""
    leads = any(next(iter(each.columns), None) is column for each in column.table.indexes)
    return bool(leads or column.unique or column.primary_key)
