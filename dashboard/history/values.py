"""Writing values of records to the ledger, and reading them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, time
from decimal import Decimal
from enum import Enum
from functools import cache, lru_cache
from json.encoder import encode_basestring
from typing import Any

from sqlalchemy import Column
from sqlalchemy.types import TypeEngine

from dashboard.database.types import MONEY_DECIMALS
from dashboard.history.codecs import AS_IS, LedgerCodec, ledger_codec
from dashboard.registry import Record, Values

PLAIN_TYPES = frozenset((str, int, type(None)))
SMALLEST_AMOUNT = Decimal(1).scaleb(-MONEY_DECIMALS)
MASK = "••••••••"
"""The value of a secret in the ledger."""
UNWRITABLE = (ValueError, TypeError, ArithmeticError, LookupError, AttributeError)


def written(value: Any) -> Any:
    """A value as the ledger stores it where its column is not known; amounts have the decimals of money."""
    if type(value) in PLAIN_TYPES:  # most values; tested first for speed
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.quantize(SMALLEST_AMOUNT))
    if isinstance(value, date | time):
        return value.isoformat()
    return value


def written_in(record: Record, name: str, value: Any) -> Any:
    """A value of the field `name` as the ledger stores it, before it is masked; None for binary ones."""
    codec = None if value is None else _codec(record, name)
    if codec is None:
        return None
    try:
        return codec.write(value)
    except UNWRITABLE:  # SQLite stores what its columns are not declared for
        return written(value)


def value_of(record: Record, name: str, stored: Any) -> Any:
    """The value of a field from its stored form; a secret stays masked.

    Raises AttributeError where there is no such field, and ValueError, TypeError, LookupError or
    ArithmeticError where the column no longer takes what was stored.
    """
    if stored is None:
        return None
    codec = _codec(record, name)
    return stored if codec is None or name in record.masked else codec.read(stored)


def is_value(record: Record, name: str, stored: Any, value: Any) -> bool:
    """Whether a stored form is that of `value`; of a secret nobody can tell, so it is."""
    if name in record.masked:
        return True
    now = written_in(record, name, value)
    try:  # written again, for an older version may have written it with other decimals
        return bool(stored == now or written_in(record, name, value_of(record, name, stored)) == now)
    except UNWRITABLE:
        return False


def differences(
    before: Values, after: Values, names: Iterable[str], record: Record | None = None
) -> dict[str, tuple[Any, Any]]:
    """The fields among `names` that differ, each with its value before and after as the ledger stores it.

    Without the `record` amounts are written as money, and choices by their values.
    """
    if record is None and not before:  # of a new record; nothing is written as None
        return {name: (None, written(new)) for name in names if (new := after.get(name)) is not None}
    found = {}
    for name in names:
        old, new = before.get(name), after.get(name)
        if old is new:
            continue
        pair = (written(old), written(new)) if record is None else _pair(record, name, old, new)
        if pair[0] != pair[1]:
            found[name] = _masked(pair) if record and name in record.masked else pair
    return found


def can_record(column: Column[Any]) -> bool:
    """Whether the ledger can hold the values of a column; it holds no binary ones."""
    return _codec_of_type(column.type) is not None


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def as_text(fields: Mapping[str, tuple[Any, ...]]) -> str:
    """The text of fields, to be stored and hashed, in the order of their names."""
    # As `encode` does it, in a third of the time: that prepares itself again for each text.
    parts = [f"{_name(name)}:[{','.join(map(_json, fields[name]))}]" for name in sorted(fields)]
    return f"{{{','.join(parts)}}}"


_name = lru_cache(maxsize=10_000)(encode_basestring)


def _json(value: Any) -> str:
    kind = type(value)
    if kind is str:
        return encode_basestring(value)
    if value is None:
        return "null"
    return str(value) if kind is int else encode(value)


def _pair(record: Record, name: str, old: Any, new: Any) -> tuple[Any, Any]:
    return written_in(record, name, old), written_in(record, name, new)


def _masked(pair: tuple[Any, Any]) -> tuple[Any, Any]:
    old, new = (None if value is None else MASK for value in pair)
    return old, new


def _codec(record: Record, name: str) -> LedgerCodec | None:
    if name in record.links:
        return AS_IS
    return _codec_of_type(record.types.get(name) or getattr(record.model, name).type)


@cache
def _codec_of_type(kind: TypeEngine[Any]) -> LedgerCodec | None:
    return ledger_codec(kind)
