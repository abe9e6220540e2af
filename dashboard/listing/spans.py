"""Spans of days by their names, which mean other days tomorrow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

Days = tuple[date, date]
DAY = timedelta(days=1)


class NamedSpan(NamedTuple):
    """A span of days: its label, and its first and last day, which counts too, as seen from a day."""

    label: str
    days: Callable[[date], Days]


def _up_to(number: int) -> Callable[[date], Days]:
    """So many days up to the present one, which counts too."""
    return lambda day: (day - (number - 1) * DAY, day)


def _monday(day: date) -> date:
    return day - day.weekday() * DAY


def _last_week(day: date) -> Days:
    return _monday(day) - 7 * DAY, _monday(day) - DAY


def _last_month(day: date) -> Days:
    last = day.replace(day=1) - DAY
    return last.replace(day=1), last


SPANS = {
    "today": NamedSpan("Today", _up_to(1)),
    "yesterday": NamedSpan("Yesterday", lambda day: (day - DAY, day - DAY)),
    "last-7-days": NamedSpan("Last 7 days", _up_to(7)),
    "last-30-days": NamedSpan("Last 30 days", _up_to(30)),
    "this-week": NamedSpan("This week", lambda day: (_monday(day), day)),
    "last-week": NamedSpan("Last week", _last_week),
    "this-month": NamedSpan("This month", lambda day: (day.replace(day=1), day)),
    "last-month": NamedSpan("Last month", _last_month),
}
"""The spans by their names in addresses. A week begins on Monday; this one and this month end today."""
