"""Columns of bytes, which neither JSON nor a text can hold: keys of records, and what names them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Dialect,
    String,
    Text,
    TypeDecorator,
    and_,
    cast,
    func,
    literal,
    select,
)
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

from dashboard.database.text_lists import table_of
from dashboard.database.types import python_type


def is_binary(kind: TypeEngine[Any]) -> bool:
    """Whether a database stores the values of a type as bytes."""
    return python_type(kind.impl_instance if isinstance(kind, TypeDecorator) else kind) is bytes


def among_bytes(column: InstrumentedAttribute[Any] | Column[Any], keys: Sequence[Any]) -> ColumnElement[bool]:
    """Fits the rows with one of thousands of `keys` on SQLite, which reads every key for that.

    Older versions of SQLite have no function that makes bytes of a text.
    """
    listed = table_of(literal(list(keys), _Hexadecimal(column.type)), "binary_keys")
    return and_(column.is_not(None), func.hex(column).in_(select(listed.c.value)))


def as_text(column: Any) -> ColumnElement[str]:
    """A column as a text in statements: of bytes their digits, as addresses have them."""
    # PostgreSQL uses an index of a text only for the very cast that the index was made with: VARCHAR.
    return _Digits(column) if is_binary(column.type) else cast(column, String)


class _Digits(FunctionElement[str]):
    """The hexadecimal digits of bytes."""

    name = "digits_of_bytes"
    type = Text()
    inherit_cache = True


@compiles(_Digits)
def _digits_elsewhere(element: _Digits, compiler: SQLCompiler, **options: Any) -> str:
    return f"encode({compiler.process(element.clauses, **options)}, 'hex')"


@compiles(_Digits, "sqlite")
def _digits_on_sqlite(element: _Digits, compiler: SQLCompiler, **options: Any) -> str:
    return f"lower(hex({compiler.process(element.clauses, **options)}))"


class _Hexadecimal(TypeDecorator[Sequence[Any]]):
    """Values of a column as a JSON list of texts, as SQLite's function ``hex`` writes each."""

    impl = Text
    cache_ok = True

    def __init__(self, of: TypeEngine[Any]) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Sequence[Any] | None, dialect: Dialect) -> str:
        """Write the values."""
        stored = self.of.dialect_impl(dialect).bind_processor(dialect)
        values = ((stored(each) if stored else each) for each in value or ())
        return json.dumps([bytes(each).hex().upper() for each in values])
