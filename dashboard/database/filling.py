"""New rows of a table by the thousand, with the defaults that SQLAlchemy would give them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Enum, Table, insert
from sqlalchemy.engine import Connection

from dashboard.database.copying import FEW, insert_numbered
from dashboard.database.types import UTCDateTime
from dashboard.database.updating import InexactError, stored_as

Values = Mapping[str, Any]
REPEATED = 100
REPEATED_TYPES = (Enum, UTCDateTime)
"""Types of which many rows have the same few values, which are turned once into what the driver takes."""


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Values]
) -> tuple[Sequence[int], Sequence[Values]]:
    """Insert `rows` into a table that numbers them by itself; returns their numbers, and what was inserted.

    Those are the values of the rows with the defaults of their other columns. Columns are named by their
    keys. Raises what an ``INSERT`` raises.
    """
    [key] = table.primary_key
    columns = [column for column in table.columns if column is not key and column.computed is None]
    given = {column.key: _default(column) for column in columns}
    whole = [{name: row[name] if name in row else make() for name, make in given.items()} for row in rows]
    if not whole:
        return [], []
    try:
        # PostgreSQL takes few rows by an insert of SQLAlchemy, which turns values into the driver's itself.
        is_plain = connection.dialect.name == "postgresql" and len(whole) <= FEW
        binders = [] if is_plain else [_binder(connection, column) for column in columns]
    except InexactError:
        is_plain = True
    if is_plain:
        into = insert(table).returning(key, sort_by_parameter_order=True)
        return connection.scalars(into, whole).all(), whole
    bound = [
        [value if bind is None else bind(value) for bind, value in zip(binders, row.values(), strict=True)]
        for row in whole
    ]
    return insert_numbered(connection, table, [column.name for column in columns], bound), whole


def _default(column: Column[Any]) -> Callable[[], Any]:
    """Return what makes the value of a column that is not given; raises TypeError where only SQL can."""
    default: Any = column.default
    if default is None and column.server_default is None:
        return lambda: None
    if default is None or not (default.is_scalar or default.is_callable):
        raise TypeError(f"{column} has a default of the database")
    if default.is_scalar:
        return lambda: default.arg
    if isinstance(column.type, UTCDateTime):  # all rows of a statement have one moment
        moment = default.arg(None)
        return lambda: moment
    return lambda: default.arg(None)


def _binder(connection: Connection, column: Column[Any]) -> Callable[[Any], Any] | None:
    """The function that makes of values of a column what the driver takes; None where they are that."""
    stored_as(connection.dialect, column)
    bind = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)
    return lru_cache(REPEATED)(bind) if bind and isinstance(column.type, REPEATED_TYPES) else bind
