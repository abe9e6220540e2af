"""Primary keys of several columns as one value: a JSON list of the parts, such as ``[7,"A1"]``.

The text is the key in addresses, forms, the trash and the history. Statements compare the parts, so that the
index of the primary key is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Dialect, Text, Uuid, and_, inspect, literal, select, tuple_
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import InstrumentedAttribute
from sqlalchemy.sql import operators
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.keys import UNREADABLE, OwnKey, key_text, read_key, read_value
from dashboard.database.text_lists import table_of

NAME = "composite_key"
"""The attribute that a class with such a key gets."""
PARTS = (int, str, UUID, date, Enum)
"""The types of values that a part may have: each has one text, the same on both databases."""
write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def is_composite(model: Any) -> bool:
    """Whether records of a mapped class have a key of several columns."""
    return len(inspect(model).primary_key) > 1


def key_names(model: Any) -> list[str]:
    """The attributes of a mapped class that are its key, or its parts."""
    mapper = inspect(model)
    return [mapper.get_property_by_column(column).key for column in mapper.primary_key]


def unreadable_part(model: Any) -> str | None:
    """The name of a part of a key whose values have no text that is the same on both databases, if any."""
    columns = inspect(model).primary_key
    return next((str(column.name) for column in columns if not _is_readable(column.type)), None)


def _is_readable(kind: TypeEngine[Any]) -> bool:
    if isinstance(kind, TypeDecorator) or (isinstance(kind, Uuid) and not kind.as_uuid):
        return False
    values = kind.python_type
    if issubclass(values, Enum):
        return [*values.__members__] == [*getattr(kind, "enums", ())]
    return issubclass(values, PARTS) and not issubclass(values, bool | datetime)


def key_attribute(model: Any) -> InstrumentedAttribute[Any]:
    """The attribute of a mapped class that is its key; that of several columns is made here."""
    if is_composite(model):
        return _composite(model)
    [name] = key_names(model)
    found: InstrumentedAttribute[Any] = getattr(model, name)
    return found


@cache
def _composite(model: Any) -> InstrumentedAttribute[Any]:
    names = key_names(model)

    def composite_key(owner: Any) -> Any:
        return text_of([getattr(owner, name) for name in names])

    made = hybrid_property(composite_key).expression(
        lambda owner: joined([getattr(owner, name) for name in names])
    )
    setattr(model, NAME, made)
    found: InstrumentedAttribute[Any] = getattr(model, NAME)
    return found


def identity_of(record: Any) -> Any:
    """The value of the key of a stored record, also of one that another transaction deleted."""
    return key_of_values(inspect(record).identity)


def key_column(columns: Sequence[Any]) -> Any:
    """The key of the rows of a table whose primary key has these columns, in statements."""
    return columns[0] if len(columns) == 1 else joined(columns)


def key_in(columns: Iterable[Any], row: Mapping[Any, Any]) -> Any:
    """The value of the key in a row of a table whose primary key has these columns."""
    return key_of_values([row[column.name] for column in columns])


def key_of_values(values: Sequence[Any]) -> Any:
    """The value of a key with these parts: the only one itself."""
    return values[0] if len(values) == 1 else text_of(values)


def text_of(values: Sequence[Any]) -> str:
    """The text of a key with these parts."""
    return write([value if type(value) is int else key_text(value) for value in values])


class CompositeKey(OwnKey):
    """The type of keys of several columns, each a part of one of these types; their values are texts."""

    impl = Text
    cache_ok = True
    python_type = str

    def __init__(self, parts: Sequence[TypeEngine[Any]] = ()) -> None:
        super().__init__()
        self.parts = tuple(parts)

    def values_of(self, text: str) -> list[Any]:
        """The parts of a key by its text; raises ValueError for any other text."""
        found = json.loads(text)
        if not isinstance(found, list) or len(found) != len(self.parts):
            raise ValueError("no list of so many parts")
        values = [_part(kind, each) for kind, each in zip(self.parts, found, strict=True)]
        if text_of(values) != text:
            raise ValueError("another spelling")
        return values

    def read(self, text: str) -> str | None:
        """The same text where it is that of a key; None for any other."""
        try:
            self.values_of(text)
        except (*UNREADABLE, RecursionError):
            return None
        return text

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """Write the parts as the database has them."""
        if value is None or dialect.name != "sqlite":
            return value
        return write([each.hex if isinstance(each, UUID) else each for each in self._plain(value)])

    def _plain(self, text: str) -> list[Any]:
        values = self.values_of(text)
        return [each if isinstance(each, int | UUID) else key_text(each) for each in values]

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Read the parts that the database wrote."""
        if value is None or dialect.name != "sqlite":
            return value
        parts = zip(self.parts, json.loads(value), strict=True)
        return text_of([_part(kind, each) for kind, each in parts])

    class Comparator(TypeDecorator.Comparator[str]):
        """Compares the parts."""

        def operate(self, op: Any, *other: Any, **options: Any) -> Any:
            """Compare with a text or texts by their parts, with anything else as a text."""
            kind, value = self.type, other[0] if other else None
            if not isinstance(self.expr, _Joined) or not isinstance(kind, CompositeKey):
                return super().operate(op, *other, **options)
            if op is operators.in_op and not _is_expression(value):
                return kind.among([*self.expr.clauses], list[str](value))  # type: ignore[arg-type]
            # SQLAlchemy asks of a key whether it is the same expression: that needs a plain comparison.
            if op is operators.eq and value is not None and not isinstance(value, _Joined):
                return kind.equal([*self.expr.clauses], value)
            return super().operate(op, *other, **options)

    comparator_factory = Comparator

    def equal(self, columns: Sequence[Any], text: Any) -> ColumnElement[bool]:
        """Whether the parts in these columns are those of a text, which may be an expression."""
        its = text if _is_expression(text) else literal(text, self)
        parts = enumerate(zip(columns, self.parts, strict=True))
        return and_(*(column == _Part(its, at, kind) for at, (column, kind) in parts))

    def among(self, columns: Sequence[Any], texts: Sequence[str]) -> ColumnElement[bool]:
        """Fits the rows with one of thousands of keys, which go to the database as one value."""
        listed = table_of(literal(texts, _Texts(self)), "composite_keys")
        parts = [_Part(listed.c.value, at, kind) for at, kind in enumerate(self.parts)]
        return tuple_(*columns).in_(select(*parts))


class _Texts(TypeDecorator[Sequence[str]]):
    """Keys of several columns, as a JSON list of their texts."""

    impl = Text
    cache_ok = True

    def __init__(self, of: CompositeKey) -> None:
        super().__init__()
        self.of = of

    def process_bind_param(self, value: Sequence[str] | None, dialect: Dialect) -> str:
        """Write the texts."""
        return write([self.of.process_bind_param(each, dialect) for each in value or ()])


def _is_expression(given: Any) -> bool:
    return hasattr(given, "__clause_element__") or hasattr(given, "get_children")


def _part(kind: TypeEngine[Any], stored: Any) -> Any:
    """A part as it stands in JSON; raises one of `UNREADABLE` where its column has no such value."""
    is_number = issubclass(kind.python_type, int)
    if is_number is not (type(stored) is int) or not isinstance(stored, int | str):
        raise ValueError("neither a number nor a text")
    value = (read_key if is_number else read_value)(kind, str(stored))
    if value is None:
        raise ValueError("too large")
    return value


class _Joined(FunctionElement[str]):
    """The key that has these parts."""

    name = "composite_key"
    inherit_cache = True


def joined(parts: Sequence[Any]) -> ColumnElement[str]:
    """The key with these columns as parts, in statements."""
    made = _Joined(*parts)
    made.type = CompositeKey([part.type for part in parts])
    return made


@compiles(_Joined)
def _join_elsewhere(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:
    parts = [f"to_json({compiler.process(each, **options)})::text" for each in element.clauses]
    return "('[' || " + " || ',' || ".join(parts) + " || ']')"


@compiles(_Joined, "sqlite")
def _join_sqlite(element: _Joined, compiler: SQLCompiler, **options: Any) -> str:
    return f"json_array({compiler.process(element.clauses, **options)})"


class _Part(FunctionElement[Any]):
    """One part of a key by its text."""

    name = "composite_key_part"
    inherit_cache = True

    def __init__(self, text: Any, at: int, kind: TypeEngine[Any]) -> None:
        super().__init__(text, literal(at, literal_execute=True))
        self.type = kind


@compiles(_Part)
def _part_elsewhere(element: _Part, compiler: SQLCompiler, **options: Any) -> str:
    text, at = (compiler.process(each, **options) for each in element.clauses)
    kind = compiler.dialect.type_compiler_instance.process(element.type)
    return f"CAST(CAST({text} AS JSONB) ->> {at} AS {kind})"


@compiles(_Part, "sqlite")
def _part_sqlite(element: _Part, compiler: SQLCompiler, **options: Any) -> str:
    text, at = (compiler.process(each, **options) for each in element.clauses)
    part = f"json_extract({text}, '$[' || {at} || ']')"
    return f"replace({part}, '-', '')" if isinstance(element.type, Uuid) else part
