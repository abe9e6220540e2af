"""Statements that insert a row or change the one that is there already."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite


def insert_or_update(dialect: str, model: Any) -> Any:
    """Return an ``INSERT`` into the table of `model` with ``on_conflict_do_update``, for a dialect."""
    return (postgresql if dialect == "postgresql" else sqlite).insert(model)
