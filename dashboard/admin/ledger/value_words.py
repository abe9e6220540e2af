"""Values of any type in words; two values that differ look different."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any

from dashboard.database.beyond import Beyond
from dashboard.number_form import number_words
from dashboard.preferences import preferences
from dashboard.words import counted, day_words, moment_words
from dashboard.zones import local

DAY = timedelta(days=1)


def in_words(value: Any) -> str:
    """A value in words, unless it is shown with its unit or is another record."""
    words = next((words for of, words in WORDS.items() if isinstance(value, of)), str)
    return words(value)


def json_words(value: Any) -> str:
    """A value as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def is_to_the_minute(moment: datetime) -> bool:
    """Whether a moment has a zone, and no seconds: pages show no more of a moment than that."""
    return moment.tzinfo is not None and not (moment.second or moment.microsecond)


def choice_words(value: Any) -> str:
    """A choice in words: the value of an enum where it is a text, else its name; ``net_30`` is ``Net 30``."""
    if isinstance(value, Enum):
        value = value.value if isinstance(value.value, str) else value.name
    return str(value).replace("_", " ").strip().capitalize() or str(value)


def _moment(value: datetime) -> str:
    if isinstance(value, Beyond):
        return value.text
    if value.tzinfo is None:
        return f"{day_words(value.date())}, {_time(value.time())}"
    if is_to_the_minute(value):
        return moment_words(value)
    return f"{_moment(local(value).replace(tzinfo=None))}{' UTC' if preferences().is_utc else ''}"


def _time(value: time) -> str:
    """A time of day with the seconds, unless there are none."""
    precise = value.second or value.microsecond
    return value.isoformat() if precise else value.isoformat(timespec="minutes")


def _interval(value: timedelta) -> str:
    """Hours, minutes and seconds as on a clock, after the days."""
    if value < timedelta(0):
        return f"-{_interval(-value)}"
    days, rest = divmod(value, DAY)
    return f"{counted(days, 'day')}, {rest}" if days else str(rest)


WORDS: Mapping[type[Any], Callable[[Any], str]] = {
    bool: lambda value: "Yes" if value else "No",
    Enum: choice_words,
    int: number_words,
    float: number_words,
    Decimal: number_words,
    datetime: _moment,
    date: day_words,
    time: _time,
    timedelta: _interval,
    bytes: lambda value: counted(len(value), "byte"),
    list: json_words,
    dict: json_words,
}
"""The words for the values of each type, a type before those that it inherits from."""
