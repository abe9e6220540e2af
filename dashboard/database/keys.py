"""Primary keys as text: in addresses, in forms and in the history, whatever the type of the column."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Integer
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.beyond import day_of, moment_of, time_of

Key = int | str
"""A primary key as the history holds it: a plain integer as it is, a value of any other type as text."""
INT4 = range(-(2**31), 2**31)
INT8 = range(-(2**63), 2**63)
INTEGER_DIGITS = 20


class OwnKey(TypeDecorator[str], ABC):
    """A type of keys that says by itself which texts are keys."""

    @abstractmethod
    def read(self, text: str) -> str | None:
        """Return the text where it is a key, and None for any other."""


def is_plain(column_type: TypeEngine[Any]) -> bool:
    """Whether keys of this type are integers of at most 32 bits, which the history stores as numbers."""
    return isinstance(column_type, Integer) and not isinstance(column_type, BigInteger)


def key_of(column_type: TypeEngine[Any], value: Any) -> Key:
    """Return a value of a key column as a `Key`."""
    return int(value) if is_plain(column_type) else key_text(value)


def key_text(value: Any) -> str:
    """The text of a key, the same for equal values: ISO 8601 for dates and times, the name of a choice."""
    if isinstance(value, Enum):
        return value.name
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return str(value)


def read_key(column_type: TypeEngine[Any], text: str) -> Any:
    """Return the value whose key is `text`, which comes from outside; None if no value of this type has it.

    A text that `key_text` would write differently, such as ``007``, is refused: each record has one address.
    """
    if isinstance(column_type, OwnKey):
        return column_type.read(text)
    try:
        value = read_value(column_type, text)
    except UNREADABLE:
        return None
    if isinstance(value, int) and value not in (INT4 if is_plain(column_type) else INT8):
        return None
    return value if key_text(value) == text else None


UNREADABLE = (ValueError, TypeError, ArithmeticError)
"""The errors that `read_value` raises."""


def read_value(column_type: TypeEngine[Any], text: str) -> Any:
    """Return the value that `key_text` writes as `text`; raises one of `UNREADABLE` for any other text."""
    kind = column_type.python_type
    if issubclass(kind, Enum):
        return kind[text] if text in kind.__members__ else kind(text)  # addresses had the value once
    return _READERS.get(kind, _text)(text)


def _text(text: str) -> str:
    text.encode()  # a lone surrogate cannot be sent to a database
    if "\0" in text:
        raise ValueError("NUL")
    return text


def _integer(text: str) -> int:
    number = int(text[:INTEGER_DIGITS])
    if number not in INT8:
        raise ValueError("too large")
    return number


def _truth(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError("neither")
    return text == "True"


def _span(text: str) -> timedelta:
    """A duration as ``str`` writes it, which SQLite can store: there it is a moment after 1970."""
    if not (found := SPAN.fullmatch(text)):
        raise ValueError("no duration")
    days, hours, minutes, seconds, micros = (int(part or 0) for part in found.groups())
    span = timedelta(days, seconds, micros, minutes=minutes, hours=hours)
    datetime(1970, 1, 1) + span  # noqa: DTZ001 - raises OverflowError beyond the calendar
    return span


SPAN = re.compile(r"(?:(-?\d{1,9}) days?, )?(\d{1,2}):(\d\d):(\d\d)(?:\.(\d{6}))?", re.ASCII)
_READERS: dict[type[Any], Any] = {
    bool: _truth,
    bytes: bytes.fromhex,
    date: day_of,
    datetime: moment_of,
    Decimal: Decimal,
    float: float,
    int: _integer,
    time: time_of,
    timedelta: _span,
    UUID: UUID,
}
