"""Rows of a table as JSON and back without loss, each value by the type of its column."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Container, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter, methodcaller
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    Insert,
    Table,
    Text,
    Uuid,
    bindparam,
    cast,
    insert,
    null,
    type_coerce,
)
from sqlalchemy.types import NullType, TypeDecorator, TypeEngine

from dashboard.database.beyond import stored_day, stored_moment, stored_time
from dashboard.database.numbered import NumberedInsert
from dashboard.database.types import inner_type, is_transparent, python_type
from dashboard.history.as_stored import AS_STORED, as_it_was
from dashboard.history.codecs import each_item
from dashboard.history.decorated import from_database, to_database
from dashboard.search.following import RULE

Values = dict[str, Any]
IS_NULL = " is null"
"""The end of the label of a column that tells SQL's NULL from JSON's null: both are read as None."""

RAW = "_raw"
"""The end of the name of a parameter whose value is not of the type of its column; see `RowFormat`."""


class Codec(NamedTuple):
    """How values of a column are written to JSON and read again."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def _as_is(value: Any) -> Any:
    return value


AS_IS = Codec(_as_is, _as_is)
CODECS: Mapping[type, Codec] = {
    **dict.fromkeys((int, str, bool, float), AS_IS),
    Decimal: Codec(str, Decimal),
    datetime: Codec(methodcaller("isoformat"), stored_moment),
    date: Codec(methodcaller("isoformat"), stored_day),
    time: Codec(methodcaller("isoformat"), stored_time),
    timedelta: Codec(attrgetter("days", "seconds", "microseconds"), lambda parts: timedelta(*parts)),
    UUID: Codec(str, UUID),
    bytes: Codec(lambda value: b64encode(value).decode(), b64decode),
}
OF_JSON = Codec(
    lambda value: [None if value is JSON.NULL else value],
    lambda stored: JSON.NULL if stored[0] is None else stored[0],
)
"""JSON in a list, so that JSON's null differs from SQL's NULL."""


OF_ANY = Codec(
    lambda value: [b64encode(value).decode()] if isinstance(value, bytes) else value,
    lambda stored: b64decode(stored[0]) if isinstance(stored, list) else stored,
)
"""Values of a column without a type on SQLite: numbers, texts, and bytes in a list."""


def _choices(kind: type[Enum]) -> Codec:
    """The codec of an enum: the name of a member, and in a list a text that is none of its choices."""
    return Codec(
        lambda value: value.name if isinstance(value, kind) else [value],
        lambda stored: stored[0] if isinstance(stored, list) else kind[stored],
    )


def is_written_as_text(kind: TypeEngine[Any]) -> bool:
    """Whether only the database knows the values of a type, such as ``tsvector`` or ``inet``."""
    return python_type(kind) is object and not isinstance(kind, JSON | NullType | TypeDecorator)


def raw_type(kind: TypeEngine[Any]) -> TypeEngine[Any] | None:
    """The type that one of an application wraps, where it says nothing of its own values; else None.

    So ``PickleType`` does, whose rows are kept without reading what was pickled.
    """
    kind = inner_type(kind)
    if not isinstance(kind, TypeDecorator) or is_transparent(kind) or python_type(kind) is not object:
        return None
    return kind.impl_instance


def codec_of(kind: TypeEngine[Any]) -> Codec:
    """Return the codec for columns of this type; raises TypeError where their values cannot be stored."""
    kind = inner_type(kind)
    if isinstance(kind, TypeDecorator) and is_transparent(kind):
        return _decorated(kind)
    if isinstance(kind, ARRAY):
        item = codec_of(kind.item_type)
        return Codec(
            lambda values: each_item(item.write, values), lambda stored: each_item(item.read, stored)
        )
    return _special(kind) or _plain(kind, python_type(kind))


def _special(kind: TypeEngine[Any]) -> Codec | None:
    """The codec of a type whose values its Python type does not tell."""
    if isinstance(kind, JSON):
        return OF_JSON
    if isinstance(kind, NullType):
        return OF_ANY
    has_own_text = (isinstance(kind, Uuid) and not kind.as_uuid) or is_written_as_text(kind)
    return AS_IS if has_own_text else None


def _plain(kind: TypeEngine[Any], values: type[Any]) -> Codec:
    if issubclass(values, Enum):
        return _choices(values)
    if values not in CODECS:
        raise TypeError(f"values of type {kind!r} cannot be stored")
    return CODECS[values]


def _decorated(kind: TypeDecorator[Any]) -> Codec:
    """The codec of what a type of the application gives to the database."""
    inner = codec_of(kind.impl_instance)
    return Codec(
        lambda value: None if (bound := to_database(kind, value)) is None else inner.write(bound),
        lambda stored: from_database(kind, inner.read(stored)),
    )


class RowFormat:
    """The format in which rows of a table are stored: all columns but computed ones.

    They have the names that columns have in the database, which may differ from their keys in the table.
    Values of types that only the database knows are read and inserted as texts, those of types that only an
    application knows as what they wrap.

    Raises TypeError where a column cannot be stored.
    """

    def __init__(self, table: Table) -> None:
        self.table = table
        stored = [column for column in table.columns if column.computed is None and RULE not in column.info]
        self.keys = {column.name: column.key for column in stored}
        self.codecs = {column.name: _codec_of_column(column) for column in stored}
        self.json_names = [column.name for column in stored if isinstance(column.type, JSON)]
        self.by_text = {column.name: column.type for column in stored if is_written_as_text(column.type)}
        raw = {column.name: raw_type(column.type) for column in stored}
        self.by_raw = {name: kind for name, kind in raw.items() if kind is not None}
        flags = (table.c[self.keys[name]].is_(None).label(name + IS_NULL) for name in self.json_names)
        self.columns: Sequence[ColumnElement[Any]] = (*map(self._to_read, stored), *flags)
        """The columns to read for `write`."""
        # Most values need no codec: no function is called for them.
        self.writers = {name: codec.write for name, codec in self.codecs.items() if codec is not AS_IS}

    def _to_read(self, column: Column[Any]) -> ColumnElement[Any]:
        if column.name in self.by_raw:
            return type_coerce(column, self.by_raw[column.name]).label(column.name)
        if column.name in self.by_text:
            return cast(column, Text).label(column.name)
        return column if column.key == column.name else column.label(column.name)

    def loaded(self, row: Mapping[Any, Any]) -> Values:
        """A row, read with ``columns``, with JSON's null as `JSON.NULL`."""
        values = {name: row[name] for name in self.codecs}
        nulls = (name for name in self.json_names if values[name] is None and not row[name + IS_NULL])
        return {**values, **dict.fromkeys(nulls, JSON.NULL)}

    def write(self, row: Mapping[Any, Any]) -> Values:
        """A row, read with ``columns`` or by `loaded`, as values of JSON."""
        written = {name: row[name] for name in self.codecs}
        for name, write in self.writers.items():
            if written[name] is not None or not row.get(name + IS_NULL, True):
                written[name] = write(written[name])
        return {**written, **_kept(row)}

    def read(self, stored: Mapping[str, Any]) -> Values:
        """The values that `write` wrote, without columns that were added or dropped since."""
        values = {name: stored[name] for name in self.codecs if name in stored}
        for name in self.writers.keys() & values.keys():
            if values[name] is not None:
                values[name] = self.codecs[name].read(values[name])
        return {**values, **_kept(stored)}

    def to_insert(self, values: Mapping[str, Any]) -> Values:
        """Values as a statement inserts them: of None in a column of JSON it would make JSON's null."""
        nulls = (name for name in self.json_names if name in values and values[name] is None)
        raw = {*self.by_text, *self.by_raw}
        # A value that was cleared since it was read is not as it was stored.
        kept = {name: raw for name, raw in values.get(AS_STORED, {}).items() if values.get(name) is not None}
        names = {name: name + RAW if name in raw or name in kept else key for name, key in self.keys.items()}
        its = {names[name]: kept.get(name, value) for name, value in values.items() if name in names}
        return {**its, **{self.keys[name]: null() for name in nulls}}

    def insertion(self, names: Container[str]) -> Insert:
        """The statement that inserts rows with the values that `to_insert` gives these names."""
        texts = {name: cast(bindparam(name + RAW, type_=Text), kind) for name, kind in self.by_text.items()}
        others = {name: bindparam(name + RAW, type_=kind) for name, kind in self.by_raw.items()}
        kept = {
            name: as_it_was(bindparam(name + RAW), self.table.c[key].type)
            for name, key in self.keys.items()
            if name + RAW in names and name not in self.by_text and name not in self.by_raw
        }
        given = {**texts, **others, **kept}.items()
        found = {self.keys[name]: value for name, value in given if name + RAW in names}
        is_numbered = any(column.identity and column.identity.always for column in self.table.columns)
        into = NumberedInsert(self.table) if is_numbered else insert(self.table)
        return into.values(found) if found else into


def _kept(row: Mapping[Any, Any]) -> Values:
    """The texts that a row has besides its values, as they were stored."""
    return {AS_STORED: row[AS_STORED]} if AS_STORED in row else {}


def _codec_of_column(column: Column[Any]) -> Codec:
    try:
        return codec_of(raw_type(column.type) or column.type)
    except TypeError as error:
        raise TypeError(f"{column}: {error}") from error


format_of = cache(RowFormat)
"""The format of a table."""


def codec_in(table: Table, name: str) -> Codec:
    """The codec of the column that has this name in the database."""
    return codec_of(next(column.type for column in table.columns if column.name == name))
