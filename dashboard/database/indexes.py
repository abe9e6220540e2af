"""Which columns an index leads to, and which are unique, as a mapping declares them."""

from __future__ import annotations

from typing import Any

from sqlalchemy import UniqueConstraint


def has_index(column: Any) -> bool:
    """Whether rows are found by this column of a table without reading all: a key, or first in an index."""
    leads = any(next(iter(each.columns), None) is column for each in column.table.indexes)
    return bool(leads or column.unique or column.primary_key)


def is_unique(column: Any) -> bool:
    """Whether no two records have the same value of a column."""
    table = column.table
    sets = [{*each.columns} for each in table.constraints if isinstance(each, UniqueConstraint)]
    sets += [{*each.columns} for each in table.indexes if each.unique and not _is_partial(each)]
    return {column} in [*sets, {*table.primary_key.columns}] or bool(column.unique)


def _is_partial(index: Any) -> bool:
    return any(index.dialect_options[name].get("where") is not None for name in ("sqlite", "postgresql"))
