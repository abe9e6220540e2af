"""Places in a sorted list, as addresses carry them: unsigned, and ignored where they make no sense."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any
from uuid import UUID

from dashboard.database.keys import key_text, read_key
from dashboard.database.types import UTCDateTime
from dashboard.listing.columns import SqlColumn
from dashboard.search.keys import SortKey, is_sort_key

MAXIMUM_TOKEN = 2_000
MAXIMUM_INTEGER = 2**63 - 1  # SQLite's, and PostgreSQL's bigint
MAXIMUM_DIGITS = 1_000  # of an amount whose column has no bound


@dataclass(frozen=True)
class Cursor:
    """The place of one row: the stretch of the list it lies in, what it is sorted by, and its key."""

    partition: str
    value: Any
    key: Any

    def token(self, sort: str) -> str:
        """This place in a list sorted by the column `sort`, as text for an address."""
        key = self.key if isinstance(self.key, int) else key_text(self.key)
        parts = [sort, self.partition, _as_text(self.value), key]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(token: str, sort: str, column: SqlColumn, key_column: SqlColumn) -> Cursor | None:
    """The place that `token` names in a list sorted by `sort`; None for any other text, however hostile.

    `column` is what the list is sorted by, `key_column` its primary key.
    """
    if not token or len(token) > MAXIMUM_TOKEN or not token.isascii():
        return None
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        named, partition, value, held = json.loads(text)
        key = _read_place(key_column, held)
        if (
            named != sort
            or not isinstance(partition, str)
            or not isinstance(value, str | None)
            or key is None
        ):
            return None
        return Cursor(partition, None if value is None else _read(column, value), key)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


def _read_place(key: SqlColumn, held: object) -> Any:
    """The key of a row from what a token holds; None where no row can have it."""
    if key.type.python_type is int:
        is_number = isinstance(held, int) and not isinstance(held, bool)
        return held if is_number and abs(held) <= MAXIMUM_INTEGER else None  # type: ignore[arg-type]
    return read_key(key.type, held) if isinstance(held, str) else None


def _as_text(value: Any) -> str | None:
    return None if value is None else key_text(value)


def _read(column: SqlColumn, text: str) -> Any:
    """A value of `column` from its text; raises ValueError or ArithmeticError where it cannot be one."""
    kind = column.type.python_type
    if isinstance(column.type, SortKey) and not is_sort_key(text):
        raise ValueError("no sort key")  # from when the list was sorted by the text itself
    if issubclass(kind, Enum):
        return kind[text] if text in kind.__members__ else kind(text)  # addresses had the value once
    value = READERS.get(kind, _text)(text)
    if isinstance(value, Decimal):
        _refuse_large(value, column)
    if isinstance(column.type, UTCDateTime):
        return _utc(value)
    return value


def _text(text: str) -> str:
    text.encode()  # a lone surrogate is no text that a database takes
    if "\0" in text:
        raise ValueError("NUL")
    return text


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment.astimezone(UTC)


def _integer(text: str) -> int:
    number = int(text[:20])
    if abs(number) > MAXIMUM_INTEGER:
        raise ValueError("too large")
    return number


def _refuse_large(amount: Decimal, column: SqlColumn) -> None:
    digits, decimals = (getattr(column.type, name, None) for name in ("precision", "scale"))
    most = MAXIMUM_DIGITS if digits is None else digits - (decimals or 0)
    if not amount.is_finite() or amount.adjusted() > most:
        raise ValueError("too large")


def _truth(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError("neither")
    return text == "True"


READERS: dict[type, Any] = {
    bool: _truth,
    bytes: bytes.fromhex,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    Decimal: Decimal,
    float: float,
    int: _integer,
    str: _text,
    time: time.fromisoformat,
    UUID: UUID,
}
