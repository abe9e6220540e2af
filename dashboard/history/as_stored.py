"""Values as the database writes them, where the value that is read from them would be written otherwise.

SQLite has days and numbers in whatever text another program stored, and both databases have JSON with blanks
or digits of its own. Rows in the trash and changes in the history have such texts besides, so that all is
restored to the letter.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, JSON, BindParameter, ColumnElement, Dialect, Table, Text, cast, type_coerce
from sqlalchemy.dialects.postgresql import INTERVAL
from sqlalchemy.types import Boolean, Date, DateTime, Interval, NullType, Numeric, Time, TypeEngine, Uuid

from dashboard.extensions import db

AS_STORED = " as stored"
"""The name under which a row has these texts; no column is called so."""
RAW_END = " as stored"
WRITTEN_FREELY = (Boolean, Date, DateTime, Interval, JSON, Numeric, Time, Uuid)
"""Types whose values SQLite stores as texts or numbers that can be written in several ways."""
IsOther = Callable[[Any, Any], bool]


class Originals:
    """How the values of a table are read a second time, as the database writes them."""

    def __init__(self, table: Table, dialect: Dialect) -> None:
        plain = [column for column in table.columns if column.computed is None]
        found = {column: is_other(column.type, dialect) for column in plain}
        self.others = {column.name: check for column, check in found.items() if check is not None}
        self.columns: list[ColumnElement[Any]] = [
            as_written(column).label(column.name + RAW_END) for column in plain if column.name in self.others
        ]

    def of(self, row: Mapping[Any, Any]) -> dict[str, Any]:
        """The texts of a row by their columns: those that differ from what its values would be written as."""
        found = {}
        for name, is_written_otherwise in self.others.items():
            raw = row[name + RAW_END]
            if row[name] is not None and is_of_json(raw) and is_written_otherwise(row[name], raw):
                found[name] = raw
        return {AS_STORED: found} if found else {}


def as_written(column: Any) -> ColumnElement[Any]:
    """Return what is read of a column to know how its value is written."""
    return type_coerce(column, NullType()) if db.engine.dialect.name == "sqlite" else cast(column, Text)


def is_of_json(raw: Any) -> bool:
    """Whether JSON holds what the database has."""
    return isinstance(raw, str | int) or (isinstance(raw, float) and math.isfinite(raw))


def is_other(kind: TypeEngine[Any], dialect: Dialect) -> IsOther | None:
    """Tell whether a value of a type would be written differently; None for a type that has one way."""
    if dialect.name != "sqlite":
        return _is_other_on_postgresql(kind)
    if not isinstance(kind, WRITTEN_FREELY):
        return None
    bind = kind.dialect_impl(dialect).bind_processor(dialect)
    return lambda value, raw: (bind(value) if bind else value) != raw


def _is_other_on_postgresql(kind: TypeEngine[Any]) -> IsOther | None:
    if isinstance(kind, JSON):
        return lambda value, raw: json.dumps(value, ensure_ascii=False) != raw
    if isinstance(kind, ARRAY):
        return lambda _value, raw: raw.startswith("[")  # with numbers of its own for its places
    if isinstance(kind, Interval | INTERVAL):
        return lambda _value, raw: "mon" in raw or "year" in raw  # not in days
    return None


def as_it_was(parameter: BindParameter[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    """The expression that inserts such a text into a column of this type."""
    if db.engine.dialect.name == "sqlite":
        return type_coerce(parameter, NullType())
    return cast(cast(parameter, Text), kind)


@cache
def _originals(table: Table, dialect: Dialect) -> Originals:
    return Originals(table, dialect)


def originals_of(table: Table) -> Originals:
    """How the values of a table are read as the current database writes them."""
    return _originals(table, db.engine.dialect)
