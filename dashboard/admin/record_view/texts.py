"""Texts that stand for values: how people type a value of each type, and how a form shows it again."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from operator import methodcaller
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    TEXT,
    VARCHAR,
    DateTime,
    Float,
    Integer,
    Numeric,
    SmallInteger,
    String,
    Text,
    Unicode,
    UnicodeText,
    Uuid,
)
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.admin.record_view.list_texts import texts_of_list
from dashboard.admin.record_view.own_types import Texts, own_texts
from dashboard.database.keys import INT4, INT8, is_plain
from dashboard.database.types import UTCDateTime, inner_type, is_aware, is_transparent, python_type
from dashboard.number_form import in_form, number_form, number_words
from dashboard.text.numbers import plain_number, unambiguous

INT2 = range(-(2**15), 2**15)
MOST_SECONDS = 10**12
MOST_DIGITS = 100
"""Digits of a number whose column has no bound of its own."""
NUL_IN_JSON = re.compile(r"(?<!\\)(?:\\\\)*\\u0000")
"""How JSON writes a NUL character."""
NUL_REFUSED = "Remove the control characters."
"""The error of a text with a NUL character, which PostgreSQL does not store."""
EXAMPLES: Mapping[type[Any], str] = {
    datetime: "2026-03-31 09:30",
    date: "2026-03-31",
    time: "09:30",
    timedelta: "1:30:00",
}
"""How values are written whose form nobody can guess."""
NOT_READ = f"Enter a date and a time, such as {EXAMPLES[datetime]}."


NUMBERS = (int, float, Decimal)


def reader(kind: TypeEngine[Any]) -> tuple[Callable[[str], Any], Callable[[Any], str]] | None:
    """How to read and write values of a column of this type; None where people cannot type them."""
    kind = inner_type(kind)
    if isinstance(kind, JSON):
        return read_json, write_json
    if isinstance(kind, ARRAY):
        item = inner_type(kind.item_type)
        return texts_of_list(kind, AS_TEXT[str] if type(item) in PLAIN_TEXTS else _typed(item))
    if isinstance(kind, DateTime | UTCDateTime):
        aware = is_aware(kind)
        return (lambda text: read_moment(text, aware=aware)), write_moment
    if isinstance(kind, Integer):
        bounds = INT2 if isinstance(kind, SmallInteger) else INT4 if is_plain(kind) else INT8
        return (lambda text: read_integer(text, bounds)), str
    if isinstance(kind, Float):
        return read_float, write_float
    if isinstance(kind, Numeric):
        return (
            lambda text: read_decimal(text, kind.precision, kind.scale),
            lambda value: write_decimal(value, kind.scale),
        )
    if isinstance(kind, Uuid) and not kind.as_uuid:
        return (lambda text: str(read_uuid(text))), str
    return _decorated(kind) if isinstance(kind, TypeDecorator) else READERS.get(python_type(kind))


def _decorated(kind: TypeDecorator[Any]) -> Texts | None:
    """How to read and write values of a type of an application, by the texts of what it wraps."""
    wrapped = kind.impl_instance
    inner = reader(wrapped) or AS_TEXT.get(python_type(wrapped))
    if is_transparent(kind):
        return inner and own_texts(kind, inner)
    return inner if python_type(kind) is python_type(wrapped) else READERS.get(python_type(kind))


def example_of(kind: TypeEngine[Any]) -> str | None:
    """How a value of this type is written, where nobody can guess it."""
    return EXAMPLES.get(datetime if isinstance(kind, UTCDateTime) else python_type(kind))


def typed_number(kind: TypeEngine[Any]) -> Callable[[str], str]:
    """How the numbers that people type for a column of this type are read; other texts stay as they are."""
    kind = inner_type(kind)
    values = python_type(kind)
    if values not in NUMBERS:
        return str
    exact = kind.scale if isinstance(kind, Numeric) and not isinstance(kind, Float) else None
    decimals = 0 if values is int else exact
    return lambda text: plain_number(text, decimals)


def holds_numbers(kind: TypeEngine[Any]) -> bool:
    """Whether people type numbers for a column of this type: one, or one a line."""
    kind = inner_type(kind)
    return python_type(inner_type(kind.item_type) if isinstance(kind, ARRAY) else kind) in NUMBERS


def _typed(kind: TypeEngine[Any]) -> Texts | None:
    """How to read and write values of a list, whose numbers are read as people type them."""
    if (found := reader(kind)) is None:
        return None
    (read, write), as_typed = found, typed_number(kind)
    return (lambda text: read(as_typed(text))), write


def read_integer(text: str, bounds: range) -> int:
    """Read a whole number within `bounds`."""
    plain = text.strip()
    if not plain.removeprefix("-").isdecimal() or not plain.isascii():
        raise ValueError("Enter a whole number, such as 12.")
    if int(plain) not in bounds:
        raise ValueError(f"Enter a number from {number_words(bounds[0])} to {number_words(bounds[-1])}.")
    return int(plain)


def read_decimal(text: str, precision: int | None, scale: int | None) -> Decimal:
    """Read an exact number that a column with so many digits, and so many after the point, can hold."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise ValueError(f"Enter a number, such as {in_form('12.50')}.") from None
    if not number.is_finite():
        raise ValueError(f"Enter a number, such as {in_form('12.50')}.")
    if abs(number) >= Decimal(10) ** min((precision or MOST_DIGITS) - (scale or 0), MOST_DIGITS):
        raise ValueError("Enter a smaller number.")
    exponent = number.normalize().as_tuple().exponent
    if scale is not None and isinstance(exponent, int) and -exponent > scale:
        raise ValueError(f"Use at most {scale} digits after the {number_form().point_word}.")
    return number


def write_decimal(value: Decimal, scale: int | None) -> str:
    """Write a number without an exponent, with as many digits after the point as its column has."""
    return unambiguous(f"{value:f}") if scale is None else f"{value:.{scale}f}"


def read_float(text: str) -> float:
    """Read a number of floating point."""
    try:
        number = float(text.strip())
    except ValueError:
        raise ValueError(f"Enter a number, such as {in_form('12.5')}.") from None
    if number - number != 0:  # infinite, or not a number
        raise ValueError(f"Enter a number, such as {in_form('12.5')}.")
    return number


def write_float(value: float | str) -> str:
    """Write a number; SQLite has texts in such a column too."""
    return value if isinstance(value, str) else unambiguous(repr(value))


def read_day(text: str) -> date:
    """Read a day."""
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"Enter a date, such as {EXAMPLES[date]}.") from None


def read_time(text: str) -> time:
    """Read a time of day."""
    try:
        return time.fromisoformat(text.strip())
    except ValueError:
        raise ValueError(f"Enter a time, such as {EXAMPLES[time]}.") from None


def write_time(value: time) -> str:
    """Write a time of day, with seconds where it has any."""
    return value.isoformat().removesuffix(":00") if not value.microsecond else value.isoformat()


def read_moment(text: str, *, aware: bool) -> datetime:
    """Read a moment, which is in UTC where the text does not say otherwise."""
    try:
        found = datetime.fromisoformat(text.strip().removesuffix(" UTC"))
        in_utc = found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except (OverflowError, ValueError):  # in UTC it may be before the first year
        raise ValueError(NOT_READ) from None
    return in_utc if aware else in_utc.replace(tzinfo=None)


def write_moment(value: datetime) -> str:
    """Write a moment in UTC, with all that it has and no more."""
    plain = value if value.tzinfo is None else value.astimezone(UTC).replace(tzinfo=None)
    return plain.isoformat(" ").removesuffix(":00") if not plain.microsecond else plain.isoformat(" ")


DAYS = re.compile(r"(-?\d{1,9}) days?, (.*)")
DAY_SECONDS = 86_400


def read_interval(text: str) -> timedelta:
    """Read a number of seconds, or hours, minutes and seconds; days stand before these, as in exports."""
    days = DAYS.fullmatch(text.strip())
    parts = (days[2] if days else text.strip()).split(":")
    try:
        seconds = Decimal(days[1] if days else 0) * DAY_SECONDS
        seconds += sum((Decimal(part) * 60**place for place, part in enumerate(reversed(parts))), Decimal())
        if len(parts) > len(("hours", "minutes", "seconds")) or not abs(seconds) < MOST_SECONDS:
            raise ValueError(text)
        return timedelta(microseconds=int(seconds * 1_000_000))
    except (ArithmeticError, ValueError):
        raise ValueError(f"Enter hours, minutes and seconds, such as {EXAMPLES[timedelta]}.") from None


def write_interval(value: timedelta) -> str:
    """Write a duration as hours, minutes and seconds."""
    sign, span = ("-", -value) if value < timedelta() else ("", value)
    minutes, seconds = divmod(span.days * DAY_SECONDS + span.seconds, 60)
    hours, minutes = divmod(minutes, 60)
    fraction = f".{span.microseconds:06}".rstrip("0") if span.microseconds else ""
    return f"{sign}{hours}:{sign}{minutes:02}:{sign}{seconds:02}{fraction}"


def read_uuid(text: str) -> UUID:
    """Read a UUID."""
    try:
        return UUID(text.strip())
    except ValueError:
        raise ValueError("Enter a UUID, such as 01234567-89ab-cdef-0123-456789abcdef.") from None


def _refuse_constant(name: str) -> Any:
    """Raise ValueError for NaN and the like, which Python reads as JSON, and nothing else does."""
    raise ValueError(name)


def read_json(text: str) -> Any:
    """Read a value of JSON; its null is not a blank field."""
    if NUL_IN_JSON.search(text):
        raise ValueError(NUL_REFUSED)
    try:
        value = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise ValueError('Enter JSON, such as {"size": 3}.') from None
    return JSON.NULL if value is None else value


def write_json(value: Any) -> str:
    """Write a value of JSON for people: a line for each member."""
    return "null" if value is JSON.NULL else json.dumps(value, ensure_ascii=False, indent=1)


PLAIN_TEXTS = (String, Text, Unicode, UnicodeText, VARCHAR, TEXT)
"""The types of texts without a meaning of their own."""
AS_TEXT: Mapping[type[Any], Texts] = {str: (str, str)}
"""Texts that a type of an application stores."""
READERS: Mapping[type[Any], tuple[Callable[[str], Any], Callable[[Any], str]]] = {
    date: (read_day, methodcaller("isoformat")),
    time: (read_time, write_time),
    timedelta: (read_interval, write_interval),
    UUID: (read_uuid, str),
}
