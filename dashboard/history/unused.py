"""Keys that no record has had: SQLite gives that of the last record, once it is deleted, to the next one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, inspect, select

from dashboard.database.composite_keys import is_composite
from dashboard.extensions import db
from dashboard.history.models import Change, has_record
from dashboard.registry import Record


def unused_key(record: Record) -> int | None:
    """A key for a new record of a kind; None where the database gives each key once, or people type it.

    Otherwise the history of a deleted record would go on with another one, and it could not be restored.
    """
    if is_composite(record.model):
        return None
    column: Any = inspect(record.model).primary_key[0]
    table = column.table
    is_reused = db.engine.dialect.name == "sqlite" and table.autoincrement_column is column
    if not is_reused or table.dialect_options["sqlite"]["autoincrement"]:
        return None
    recorded = select(func.max(Change.record_id)).where(Change.record_kind == record.kind, has_record(Change))
    numbers = (db.session.scalar(select(func.max(column))), db.session.scalar(recorded))
    return max((number for number in numbers if number is not None), default=0) + 1
