"""Changes of very many rows of a table, each with values of its own, by one statement.

The values go to the database as one JSON text, as far as that holds them to the letter: texts, whole numbers
and what each database stores as one of these, and on PostgreSQL amounts and moments too. Where a value or the
type of a column is another, each row is changed by a statement of its own.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    Date,
    DateTime,
    Dialect,
    Numeric,
    Table,
    Text,
    Update,
    bindparam,
    cast,
    func,
    literal,
    update,
)
from sqlalchemy.engine import Connection
from sqlalchemy.types import TypeEngine

Values = Mapping[str, Any]
Rows = Sequence[tuple[Any, Values]]
"""Keys of rows, each with the new values of its columns by their keys in the table."""
KEY = "key of the row"
SMALLEST, LARGEST = -(2**63), 2**63 - 1
NUL = "\\u0000"
STORED: Mapping[str, TypeEngine[Any]] = {
    "VARCHAR": Text(),
    "TEXT": Text(),
    "SMALLINT": BigInteger(),
    "INTEGER": BigInteger(),
    "BIGINT": BigInteger(),
    "NUMERIC": Numeric(),
    "BOOLEAN": Boolean(),
    "DATE": Date(),
    "TIMESTAMP WITH TIME ZONE": DateTime(timezone=True),
    "TIMESTAMP WITHOUT TIME ZONE": DateTime(),
}
"""The types of PostgreSQL whose values it reads from a text to the letter, without length or precision: an
assignment checks those."""
encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class InexactError(TypeError):
    """A text does not hold the values of a column to the letter."""


def update_rows(connection: Connection, table: Table, rows: Rows, **each: ColumnElement[Any]) -> None:
    """Change rows of a table that has one column as its key; `each` are expressions for all of them.

    The rows must be locked. Values are written as the types of their columns write them, and columns that
    SQLAlchemy renews with every change are renewed. Raises what an ``UPDATE`` raises.
    """
    by_columns: dict[tuple[str, ...], list[tuple[Any, Values]]] = defaultdict(list)
    for row in rows:
        by_columns[tuple(row[1])].append(row)
    for names, group in by_columns.items():
        _update(connection, table, names, group, each)


def _update(connection: Connection, table: Table, names: Sequence[str], rows: Rows, each: Values) -> None:
    try:
        text = encode(_as_json(connection.dialect, table, names, rows))
        if NUL in text:
            raise InexactError
        statement = _from_json(connection.dialect, table, names, text)
    except InexactError:
        parameters = [{KEY: key, **{f"new {name}": new[name] for name in names}} for key, new in rows]
        connection.execute(_one_by_one(table, names).values(each), parameters)
    else:
        connection.execute(statement.values(each))


def _one_by_one(table: Table, names: Iterable[str]) -> Update:
    [key] = table.primary_key
    new = {name: bindparam(f"new {name}", type_=table.c[name].type) for name in names}
    return update(table).where(key == bindparam(KEY, type_=key.type)).values(new)


def _from_json(dialect: Dialect, table: Table, names: Sequence[str], text: str) -> Update:
    [key] = table.primary_key
    read = _read_sqlite if dialect.name == "sqlite" else _read_postgresql
    value = read(literal(text, Text))
    new = {name: value(at, stored_as(dialect, table.c[name])) for at, name in enumerate(names, 1)}
    return update(table).where(key == value(0, stored_as(dialect, key))).values(new)


def _read_sqlite(text: ColumnElement[str]) -> Callable[[int, Any], ColumnElement[Any]]:
    row = func.json_each(text).table_valued("value", name="new_rows").c.value
    return lambda at, _: func.json_extract(row, f"$[{at}]")


def _read_postgresql(text: ColumnElement[str]) -> Callable[[int, Any], ColumnElement[Any]]:
    listed = func.json_array_elements(cast(text, JSON)).table_valued("value", name="new_rows")
    return lambda at, kind: cast(listed.c.value.op("->>")(at), kind)


def stored_as(dialect: Dialect, column: Column[Any]) -> Any:
    """The type as which PostgreSQL reads values of a column; raises InexactError if there is no such type."""
    kind = column.type.dialect_impl(dialect)
    if kind._has_bind_expression:
        raise InexactError
    if dialect.name == "sqlite":
        return None
    name = kind.compile(dialect).partition("(")[0].partition(" COLLATE")[0]
    if name not in STORED:
        raise InexactError
    return STORED[name]


def _as_json(
    dialect: Dialect, table: Table, names: Sequence[str], rows: Iterable[tuple[Any, Values]]
) -> list[list[Any]]:
    [key] = table.primary_key
    columns = [key, *(table.c[name] for name in names)]
    bind = [column.type.dialect_impl(dialect).bind_processor(dialect) for column in columns]
    plain = _plain_sqlite if dialect.name == "sqlite" else _plain_postgresql
    return [
        [
            plain(write(value) if write else value)
            for write, value in zip(bind, (at, *map(new.__getitem__, names)), strict=True)
        ]
        for at, new in rows
    ]


def _plain_sqlite(value: Any) -> Any:
    """A bound value as JSON holds it; raises InexactError where it holds another, as of broken numbers."""
    kind = type(value)
    if kind is str or value is None:
        return value
    if kind in (int, bool) and SMALLEST <= value <= LARGEST:
        return int(value)
    raise InexactError


def _plain_postgresql(value: Any) -> Any:
    kind = type(value)
    if kind in (str, int, bool) or value is None:
        return value
    if kind is Decimal:
        return str(value)
    if kind in (date, datetime):
        return value.isoformat()
    raise InexactError
