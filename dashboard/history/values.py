"""How values of records are written in the ledger, and read from it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from dashboard.database.types import MONEY_DECIMALS
from dashboard.registry import Record, Values

WRITTEN_AS_THEY_ARE = frozenset((str, int, type(None)))
SMALLEST_AMOUNT = Decimal(1).scaleb(-MONEY_DECIMALS)


def written(value: Any) -> Any:
    """A value as the ledger holds it: what JSON has, amounts with all their decimals, moments in ISO 8601."""
    if type(value) in WRITTEN_AS_THEY_ARE:  # most are: asked first, for a hundred thousand records
        return value
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return str(value.quantize(SMALLEST_AMOUNT))
    if isinstance(value, datetime):
        return value.isoformat()
    return value


def value_of(record: Record, name: str, kept: Any) -> Any:
    """The value of a field from what the ledger holds of it; raises AttributeError for no field at all."""
    return _read(getattr(record.model, name).type.python_type, kept)


def differences(before: Values, after: Values, names: Iterable[str]) -> dict[str, tuple[Any, Any]]:
    """The fields among `names` that differ, with what each was and is, as the ledger holds them."""
    pairs = ((name, written(before.get(name)), written(after.get(name))) for name in names)
    return {name: (old, new) for name, old, new in pairs if old != new}


encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode


def as_text(fields: Mapping[str, tuple[Any, Any]]) -> str:
    """Fields as the one text that stands for them, to be kept and hashed."""
    return encode(fields)


def _read(python_type: type[Any], kept: Any) -> Any:
    if kept is None or (isinstance(kept, python_type) and python_type is not str):
        return kept
    if python_type is datetime:
        return datetime.fromisoformat(kept)
    return python_type(kept)
