"""How values of each type of column are written to the ledger, so that they are read again to the letter.

Equal values have one text: amounts have the digits of their column, aware moments are in UTC.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from enum import Enum
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ARRAY, JSON, REAL, Float, Uuid
from sqlalchemy.types import TypeDecorator, TypeEngine

from dashboard.database.beyond import stored_day, stored_moment, stored_time
from dashboard.database.types import inner_type, is_transparent, python_type
from dashboard.extensions import db
from dashboard.history.decorated import from_database, is_respelling, to_database

EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN)
MICROSECONDS = timedelta(microseconds=1)
SINGLE_BITS, SINGLE_DIGITS = 24, 10
NULL_OF_JSON = ""
"""The only key of an object that stands for JSON's null, or for an object that would look like that."""


class LedgerCodec(NamedTuple):
    """How values of a column, other than None, are written to the ledger and read again."""

    write: Callable[[Any], Any]
    read: Callable[[Any], Any]


def ledger_codec(kind: TypeEngine[Any]) -> LedgerCodec | None:
    """Return the codec for columns of this type; None where the ledger cannot hold their values."""
    kind = inner_type(kind)
    if isinstance(kind, TypeDecorator) and is_transparent(kind):
        return _decorated(kind)
    if isinstance(kind, JSON):
        return OF_JSON
    if isinstance(kind, ARRAY):
        return _array(ledger_codec(kind.item_type))
    if isinstance(kind, Uuid):
        return LedgerCodec(_uuid_text, UUID if kind.as_uuid else str)
    found = _plain(kind, python_type(kind))
    return _as_stored(kind, found) if found and isinstance(kind, TypeDecorator) else found


def _as_stored(kind: TypeDecorator[Any], codec: LedgerCodec) -> LedgerCodec:
    """The codec of a type that stores its values in another spelling, such as small letters."""
    if not is_respelling(kind):
        return codec
    return LedgerCodec(
        lambda value: None if (bound := to_database(kind, value)) is None else codec.write(bound), codec.read
    )


def _decorated(kind: TypeDecorator[Any]) -> LedgerCodec | None:
    """The codec of what a type of the application gives to the database."""
    inner = ledger_codec(kind.impl_instance)
    if inner is None:
        return None
    return LedgerCodec(
        lambda value: None if (bound := to_database(kind, value)) is None else inner.write(bound),
        lambda stored: from_database(kind, inner.read(stored)),
    )


def _plain(kind: TypeEngine[Any], values: type[Any]) -> LedgerCodec | None:
    if issubclass(values, Enum):
        return _of_enum(values)
    if values is Decimal:
        return LedgerCodec(_amounts(kind), Decimal)
    if values in (datetime, time) and not isinstance(kind, TypeDecorator):
        return LedgerCodec(_naive_where_stored_so, CODECS[values].read)
    if values is float and _is_single(kind):
        return LedgerCodec(_single, float)
    return CODECS.get(values)


def _is_single(kind: TypeEngine[Any]) -> bool:
    if not isinstance(kind, Float):
        return False
    return isinstance(kind, REAL) or (kind.precision or SINGLE_BITS + 1) <= SINGLE_BITS


def _array(item: LedgerCodec | None) -> LedgerCodec | None:
    if item is None:
        return None
    return LedgerCodec(
        lambda values: each_item(item.write, values), lambda stored: each_item(item.read, stored)
    )


def each_item(change: Callable[[Any], Any], values: Sequence[Any]) -> list[Any]:
    """An array with each item changed; arrays of several dimensions are lists of lists."""
    return [
        each_item(change, value) if isinstance(value, list) else None if value is None else change(value)
        for value in values
    ]


def _of_enum(kind: type[Enum]) -> LedgerCodec:
    """A choice by its value, or by its name where the values are no texts; others are texts already."""
    by_value = all(isinstance(member.value, str) for member in kind)

    def write(value: Any) -> Any:
        member = value if isinstance(value, kind) else kind.__members__.get(value)
        if member is None:
            return value
        return member.value if by_value else member.name

    def read(stored: Any) -> Any:
        if not by_value and stored in kind.__members__:
            return kind[stored]
        return next((member for member in kind if member.value == stored), stored)

    return LedgerCodec(write, read)


def _amounts(kind: Any) -> Callable[[Any], str]:
    """Write amounts with the decimals of their column, rounded as the databases round them."""
    scale = getattr(kind, "scale", None)
    step = None if scale is None else Decimal(1).scaleb(-scale)
    rounding = ROUND_HALF_EVEN if isinstance(kind, TypeDecorator) else ROUND_HALF_UP

    def write(value: Any) -> str:
        amount = value if isinstance(value, Decimal) else Decimal(str(value))
        if step is not None and amount.is_finite():
            return str(amount.quantize(step, rounding, EXACT))
        return str(EXACT.normalize(amount))

    return write


def _moment(value: Any) -> str:
    is_aware = isinstance(value, datetime) and value.tzinfo is not None
    return str((value.astimezone(UTC) if is_aware else value).isoformat())


def _naive_where_stored_so(value: Any) -> str:
    """SQLite has no zones: a column of SQLAlchemy's own types holds the moment without its zone."""
    if value.tzinfo is not None and db.engine.dialect.name == "sqlite":
        value = value.replace(tzinfo=None)
    return _moment(value)


def _day(value: date) -> str:
    return (value.date() if isinstance(value, datetime) else value).isoformat()


def _seconds(value: timedelta) -> str:
    return str(EXACT.normalize(Decimal(value // MICROSECONDS).scaleb(-6, EXACT)))


def _read_seconds(stored: Any) -> timedelta:
    return timedelta(microseconds=int(Decimal(stored).scaleb(6, EXACT)))


def _float(value: Any) -> float | str:
    number = float(value)
    return number if math.isfinite(number) else str(number)  # JSON has no word for the others


def _single(value: Any) -> float | str:
    """A number of single precision with the fewest digits, as PostgreSQL gives it; SQLite has only double."""
    number = float(value)
    if not math.isfinite(number) or db.engine.dialect.name == "sqlite":
        return _float(number)
    try:
        [single] = struct.unpack("f", stored := struct.pack("f", number))
    except OverflowError:
        return number
    short = (float(f"{single:.{digits}g}") for digits in range(1, SINGLE_DIGITS))
    return next((each for each in short if struct.pack("f", each) == stored), single)


def _uuid_text(value: Any) -> str:
    return str(value if isinstance(value, UUID) else UUID(str(value)))


def _json(value: Any) -> Any:
    if value is JSON.NULL:
        return {NULL_OF_JSON: None}
    return {NULL_OF_JSON: value} if _is_wrapped(value) else value


def _read_json(stored: Any) -> Any:
    if not _is_wrapped(stored):
        return stored
    return JSON.NULL if stored[NULL_OF_JSON] is None else stored[NULL_OF_JSON]


def _is_wrapped(value: Any) -> bool:
    return isinstance(value, dict) and value.keys() == {NULL_OF_JSON}


def _as_is(value: Any) -> Any:
    return value


AS_IS = LedgerCodec(_as_is, _as_is)
"""For what is JSON already."""
OF_JSON = LedgerCodec(_json, _read_json)
CODECS: dict[type[Any], LedgerCodec] = {
    bool: LedgerCodec(bool, bool),
    date: LedgerCodec(_day, stored_day),
    datetime: LedgerCodec(_moment, stored_moment),
    dict: AS_IS,
    float: LedgerCodec(_float, float),
    int: LedgerCodec(int, int),
    str: LedgerCodec(_as_is, str),
    time: LedgerCodec(_moment, stored_time),
    timedelta: LedgerCodec(_seconds, _read_seconds),
    UUID: LedgerCodec(_uuid_text, UUID),
}
