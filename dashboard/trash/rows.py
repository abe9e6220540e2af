"""Rows of a table as JSON and back without loss, each value by the type of its column."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, JSON, Column, ColumnElement, Table, Uuid, null
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.types import python_type
from dashboard.history.codecs import each_item
from dashboard.history.decorated import from_database, is_transparent, to_database
from dashboard.search.following import RULE

Values = dict[str, Any]
IS_NULL = " is null"
"""The end of the label of a column that tells SQL's NULL from JSON's null: both are read as None."""


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
    datetime: Codec(datetime.isoformat, datetime.fromisoformat),
    date: Codec(date.isoformat, date.fromisoformat),
    time: Codec(time.isoformat, time.fromisoformat),
    timedelta: Codec(attrgetter("days", "seconds", "microseconds"), lambda parts: timedelta(*parts)),
    UUID: Codec(str, UUID),
    bytes: Codec(lambda value: b64encode(value).decode(), b64decode),
}
OF_JSON = Codec(
    lambda value: [None if value is JSON.NULL else value],
    lambda stored: JSON.NULL if stored[0] is None else stored[0],
)
"""JSON in a list, so that JSON's null differs from SQL's NULL."""


def codec_of(kind: TypeEngine[Any]) -> Codec:
    """Return the codec for columns of this type; raises TypeError where their values cannot be stored."""
    if isinstance(kind, JSON):
        return OF_JSON
    if isinstance(kind, TypeDecorator) and is_transparent(kind):
        return _decorated(kind)
    if isinstance(kind, Uuid) and not kind.as_uuid:
        return AS_IS
    if isinstance(kind, ARRAY):
        item = codec_of(kind.item_type)
        return Codec(
            lambda values: each_item(item.write, values), lambda stored: each_item(item.read, stored)
        )
    values = python_type(kind)
    if issubclass(values, Enum):
        return Codec(attrgetter("name"), lambda name: values[name])
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
    """The format in which rows of a table are stored: all columns but derived ones.

    Raises TypeError where a column cannot be stored or inserted again.
    """

    def __init__(self, table: Table) -> None:
        stored = [column for column in table.columns if column.computed is None and RULE not in column.info]
        if numbered := [str(column) for column in stored if column.identity and column.identity.always]:
            raise TypeError(f"the database lets nobody write {', '.join(numbered)}")
        if renamed := [str(column) for column in stored if column.key != column.name]:
            raise TypeError(f"{', '.join(renamed)}: a column whose key is not its name cannot be stored")
        self.codecs = {column.name: _codec_of_column(column) for column in stored}
        self.json_names = [column.name for column in stored if isinstance(column.type, JSON)]
        flags = (table.c[name].is_(None).label(name + IS_NULL) for name in self.json_names)
        self.columns: Sequence[ColumnElement[Any]] = (*stored, *flags)
        """The columns to read for `write`."""
        # Most values need no codec: no function is called for them.
        self.writers = {name: codec.write for name, codec in self.codecs.items() if codec is not AS_IS}

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
        return written

    def read(self, stored: Mapping[str, Any]) -> Values:
        """The values that `write` wrote, without columns that were added or dropped since."""
        values = {name: stored[name] for name in self.codecs if name in stored}
        for name in self.writers.keys() & values.keys():
            if values[name] is not None:
                values[name] = self.codecs[name].read(values[name])
        return values

    def to_insert(self, values: Mapping[str, Any]) -> Values:
        """Values as a statement inserts them: of None in a column of JSON it would make JSON's null."""
        nulls = (name for name in self.json_names if name in values and values[name] is None)
        return {**values, **dict.fromkeys(nulls, null())}


def _codec_of_column(column: Column[Any]) -> Codec:
    try:
        return codec_of(column.type)
    except TypeError as error:
        raise TypeError(f"{column}: {error}") from error


format_of = cache(RowFormat)
"""The format of a table."""
