"""Very many rows into a table at once, past SQLAlchemy's own inserts, which take far longer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from sqlalchemy import Column, Table, func, insert, select
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

FEW = 20
"""Rows that PostgreSQL takes by one statement with their numbers, which is quicker than copying so few."""
ROWS_AT_ONCE = 250
"""On SQLite, which takes 32,766 values in a statement; one for each row takes it half as long again."""
Rows = Sequence[Sequence[Any]]


def insert_numbered(connection: Connection, table: Table, names: Sequence[str], rows: Rows) -> Sequence[int]:
    """Insert `rows`, which have the columns `names` as the driver takes them, and return their numbers.

    The table numbers its rows by itself, on SQLite with ``AUTOINCREMENT``. Raises
    `sqlalchemy.exc.DBAPIError` as any insert does; on SQLite the first rows may be there then.
    """
    if connection.dialect.name != "postgresql":
        return [*_insert(connection, _into(connection, table, names), rows)]
    [key] = table.primary_key
    if len(rows) <= FEW:
        into = insert(table).returning(key, sort_by_parameter_order=True)
        return connection.scalars(into, [dict(zip(names, row, strict=True)) for row in rows]).all()
    numbers = _new_numbers(connection, table, key, len(rows))
    numbered = ((number, *row) for number, row in zip(numbers, rows, strict=True))
    _copy(connection, f"COPY {_into(connection, table, [key.name, *names])} FROM STDIN", numbered)
    return numbers


def _into(connection: Connection, table: Table, names: Sequence[str]) -> str:
    quote = connection.dialect.identifier_preparer
    return f"{quote.format_table(table)} ({', '.join(map(quote.quote, names))})"


def _insert(connection: Connection, into: str, rows: Rows) -> Iterator[int]:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        some = rows[first : first + ROWS_AT_ONCE]
        marks = f"({', '.join('?' * len(some[0]))})"
        statement = f"INSERT INTO {into} VALUES {', '.join([marks] * len(some))}"  # noqa: S608 - names
        last = connection.exec_driver_sql(statement, tuple(chain.from_iterable(some))).lastrowid
        # Each number is one more than the largest that there ever was: nobody else writes now.
        yield from range(last - len(some) + 1, last + 1)


def _new_numbers(connection: Connection, table: Table, key: Column[Any], number: int) -> Sequence[int]:
    name = connection.dialect.identifier_preparer.format_table(table)
    each = func.nextval(func.pg_get_serial_sequence(name, key.name))
    return connection.scalars(select(each).select_from(func.generate_series(1, number))).all()


def _copy(connection: Connection, statement: str, rows: Iterator[Sequence[Any]]) -> None:
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise _wrapped(connection, statement, error) from error


def _wrapped(connection: Connection, statement: str, error: Exception) -> BaseException:
    """The error as statements of SQLAlchemy raise it."""
    dialect = connection.dialect
    return DBAPIError.instance(statement, None, error, dialect.loaded_dbapi.Error, dialect=dialect)
