"""Places in a sorted list, as addresses carry them: unsigned, and ignored where they make no sense."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

from dashboard.database.types import MONEY_DECIMALS, MONEY_DIGITS
from dashboard.listing.columns import SqlColumn
from dashboard.search.keys import SortKey, is_sort_key

MAXIMUM_TOKEN = 2_000
MAXIMUM_INTEGER = 2**63 - 1  # SQLite's, and PostgreSQL's bigint
MAXIMUM_AMOUNT = Decimal(10) ** (MONEY_DIGITS - MONEY_DECIMALS)


@dataclass(frozen=True)
class Cursor:
    """The place of one row: the stretch of the list it lies in, what it is sorted by, and its key."""

    partition: str
    value: Any
    key: int

    def token(self, sort: str) -> str:
        """This place in a list sorted by the column `sort`, as text for an address."""
        parts = [sort, self.partition, _as_text(self.value), self.key]
        text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
        return urlsafe_b64encode(text.encode()).rstrip(b"=").decode()


def read_cursor(token: str, sort: str, column: SqlColumn) -> Cursor | None:
    """The place that `token` names in a list sorted by `sort`; None for any other text, however hostile."""
    if not token or len(token) > MAXIMUM_TOKEN or not token.isascii():
        return None
    try:
        text = urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
        named, partition, value, key = json.loads(text)
        if (
            named != sort
            or not isinstance(partition, str)
            or not isinstance(value, str | None)
            or not _is_key(key)
        ):
            return None
        return Cursor(partition, None if value is None else _read(column, value), key)
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return None


def _is_key(key: object) -> bool:
    return isinstance(key, int) and not isinstance(key, bool) and abs(key) <= MAXIMUM_INTEGER


def _as_text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, datetime):
        return value.isoformat()
    return str(value.value if isinstance(value, Enum) else value)


def _read(column: SqlColumn, text: str) -> Any:
    """A value of `column` from its text; raises ValueError or ArithmeticError where it cannot be one."""
    kind = column.type.python_type
    if isinstance(column.type, SortKey) and not is_sort_key(text):
        raise ValueError("no sort key")  # from when the list was sorted by the text itself
    if issubclass(kind, Enum):
        return kind(text)
    return READERS.get(kind, _text)(text)


def _text(text: str) -> str:
    text.encode()  # a lone surrogate is no text that a database takes
    if "\0" in text:
        raise ValueError("NUL")
    return text


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment.astimezone(UTC)


def _integer(text: str) -> int:
    number = int(text[:20])
    if abs(number) > MAXIMUM_INTEGER:
        raise ValueError("too large")
    return number


def _amount(text: str) -> Decimal:
    amount = Decimal(text)  # InvalidOperation is an ArithmeticError
    if not amount.is_finite() or abs(amount) > MAXIMUM_AMOUNT:
        raise ValueError("too large")
    return amount


def _truth(text: str) -> bool:
    if text not in ("True", "False"):
        raise ValueError("neither")
    return text == "True"


READERS: dict[type, Any] = {datetime: _moment, int: _integer, Decimal: _amount, bool: _truth, str: _text}
