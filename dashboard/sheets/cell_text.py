"""The values of cells as text, as people see them in the sheet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

DIGITS = 15
"""Digits that a spreadsheet shows of a number; those behind them are the error of binary fractions."""
EXACT = 2**53


def number_text(number: float) -> str:
    """A number in plain digits without a tail: ``5`` for 5.0, ``0.3`` for 0.30000000000000004."""
    if number.is_integer() and abs(number) < EXACT:
        return str(int(number))
    text = format(Decimal(format(number, f".{DIGITS}g")), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _duration(length: timedelta) -> str:
    minutes, seconds = divmod(int(length.total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"


def _moment(moment: datetime | time) -> str:
    return moment.isoformat(timespec="milliseconds" if moment.microsecond else "seconds")


TEXTS: dict[type, Callable[[Any], str]] = {
    str: str,
    float: number_text,
    int: str,
    bool: lambda value: "TRUE" if value else "FALSE",
    date: date.isoformat,
    datetime: _moment,
    time: _moment,
    timedelta: _duration,
}


def cell_text(value: object) -> str:
    """A value that python-calamine gives as text; dates in ISO 8601, truth as TRUE and FALSE."""
    return TEXTS[type(value)](value)
