"""The one clock of the package: aware, UTC, and settable by tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import lru_cache

KEPT_DAYS = 1000
"""Days written out once: a column of moments is of a few of them."""
TWO_DIGITS = [f"{number:02}" for number in range(60)]
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _system_clock() -> datetime:
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _system_clock


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _clock()


def iso_seconds(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 has it, to the second; `isoformat` takes three times as long."""
    time = f"{TWO_DIGITS[moment.hour]}:{TWO_DIGITS[moment.minute]}:{TWO_DIGITS[moment.second]}"
    return f"{_iso_day(moment.date())}T{time}+00:00"


@lru_cache(KEPT_DAYS)
def _iso_day(day: date) -> str:
    return day.isoformat()


@lru_cache(KEPT_DAYS)
def day_words(day: date) -> str:
    """A day as people read it, such as ``27 Nov 2026``."""
    # Spelled out, for strftime follows the language of the server.
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def moment_words(moment: datetime) -> str:
    """A moment in UTC as people read it, such as ``27 Nov 2026, 08:30 UTC``."""
    return f"{day_words(moment.date())}, {TWO_DIGITS[moment.hour]}:{TWO_DIGITS[moment.minute]} UTC"


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Let `clock` tell the time from now on; None gives it back to the system."""
    global _clock
    _clock = clock or _system_clock
