"""Places in a sorted list, as addresses carry them: unsigned, and ignored where they make no sense."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Numeric

from dashboard.database.keys import INT8, UNREADABLE, key_text, read_key, read_value
from dashboard.database.types import UTCDateTime
from dashboard.listing.columns import SqlColumn
from dashboard.listing.places import READ_OTHERWISE, Raw
from dashboard.search.keys import SortKey, is_sort_key

MAXIMUM_TOKEN = 2_000
RANK = "-"
"""Follows the number of the way to match in the name of a stretch, where best matches come first."""
MAXIMUM_DIGITS = 1_000  # of an amount whose column has no bound


@dataclass(frozen=True)
class Cursor:
    """The place of one row: the stretch of the list it lies in, what it is sorted by, and its key."""

    partition: str
    value: Any
    key: Any

    @property
    def is_ranked(self) -> bool:
        """Whether the place is in a list with best matches first."""
        return RANK in self.partition

    def token(self, sort: str) -> str:
        """This place in a list sorted by the column `sort`, as text for an address."""
        key = self.key if isinstance(self.key, int) else key_text(self.key)
        parts = [sort, self.partition, _written(self.value), key]
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
            or not isinstance(value, str | list | None)
            or key is None
        ):
            return None
        return Cursor(partition, None if value is None else _read(column, value), key)
    except (*UNREADABLE, RecursionError):
        return None


def _read_place(key: SqlColumn, held: object) -> Any:
    """The key of a row from what a token holds; None where no row can have it."""
    if key.type.python_type is int:
        is_number = isinstance(held, int) and not isinstance(held, bool)
        return held if is_number and held in INT8 else None
    return read_key(key.type, held) if isinstance(held, str) else None


def _written(value: Any) -> str | list[Any] | None:
    if isinstance(value, Raw):
        return value.parts
    return None if value is None else key_text(value)


def _read(column: SqlColumn, text: str | list[Any]) -> Any:
    """A value of `column` as it was written; raises one of `UNREADABLE` for anything else."""
    if isinstance(text, list):
        if not isinstance(column.type, READ_OTHERWISE):
            raise ValueError("no such value")
        return Raw.read(text)
    if isinstance(column.type, SortKey) and not is_sort_key(text):
        raise ValueError("no sort key")  # from when the list was sorted by the text itself
    value = read_value(column.type, text)
    if isinstance(value, Decimal):
        _refuse_large(value, column)
    return _utc(value) if isinstance(column.type, UTCDateTime) else value


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("without a zone")
    return moment.astimezone(UTC)


def _refuse_large(amount: Decimal, column: SqlColumn) -> None:
    digits, decimals = (getattr(column.type, name, None) for name in ("precision", "scale"))
    most = MAXIMUM_DIGITS if digits is None else digits - (decimals or 0)
    if isinstance(column.type, Numeric) and (
        str(amount) == "NaN" or (digits is None and amount.is_infinite())
    ):
        return  # PostgreSQL stores both in a plain column, and sorts NaN after all numbers
    if not amount.is_finite() or amount.adjusted() >= most:  # an integer of `most` digits is 10 ** (most - 1)
        raise ValueError("too large")
