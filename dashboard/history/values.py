"""Writing values of records to the ledger, and reading them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from dashboard.database.types import MONEY_DECIMALS
from dashboard.registry import Record, Values

PLAIN_TYPES = frozenset((str, int, type(None)))
SMALLEST_AMOUNT = Decimal(1).scaleb(-MONEY_DECIMALS)


def written(value: Any) -> Any:
    """A value as the ledger stores it: JSON values, amounts with all decimals, moments in ISO 8601."""
    if type(value) in PLAIN_TYPES:  # most values; tested first for speed
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.quantize(SMALLEST_AMOUNT))
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def value_of(record: Record, name: str, stored: Any) -> Any:
    """The value of a field from its stored form; raises AttributeError where there is no such field."""
    return _read(getattr(record.model, name).type.python_type, stored)


def differences(before: Values, after: Values, names: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """The fields among `names` that differ, each with its value before and after as the ledger stores it."""
    pairs = ((name, written(before.get(name)), written(after.get(name))) for name in names)
    return {name: (old, new) for name, old, new in pairs if old != new}


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def as_text(fields: Mapping[str, tuple[Any, Any]]) -> str:
    """The text of fields, to be stored and hashed: equal fields have the same text."""
    return encode(fields)


def _read(python_type: type[Any], stored: Any) -> Any:
    if stored is None or (isinstance(stored, python_type) and python_type is not str):
        return stored
    if python_type is datetime:
        return datetime.fromisoformat(stored)
    return python_type(stored)
