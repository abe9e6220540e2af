"""Numbers, nouns and moments in words: each is written in one way on all pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from dashboard import clock
from dashboard.number_form import number_words
from dashboard.preferences import preferences
from dashboard.zones import is_yesterday, local

BEYOND = "text"
"""The attribute of a day or moment that Python does not have, such as infinity, with its text."""

MEGABYTE = 1024 * 1024
CACHED_DAYS = 1000
"""Days whose text is cached; a column of moments holds few different days."""
TWO_DIGITS = [f"{number:02}" for number in range(60)]
MONTHS = ("", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))
RECENT = timedelta(hours=6)
"""How long pages say how long ago something was."""
VOWELS = "aeiou"
ALIKE = frozenset({"news", "series", "species"})
"""Nouns whose plural is the same."""


def plural(noun: str) -> str:
    """The plural of a regular English noun: ``products``, ``categories``, ``boxes``, ``days``."""
    if noun.endswith("y") and noun[-2:-1] not in VOWELS:
        return f"{noun[:-1]}ies"
    return f"{noun}es" if noun.endswith(("s", "x", "ch", "sh")) else f"{noun}s"


def singular(nouns: str) -> str:
    """The singular of a regular English plural: ``category``, ``box``; of any other noun the noun itself."""
    first, space, last = nouns.rpartition(" ")
    if last in ALIKE:
        return nouns
    if last.endswith("ies"):
        one = f"{last[:-3]}y"
    elif last.endswith(("xes", "ches", "shes", "sses", "uses")):
        one = last.removesuffix("es")
    else:
        one = last if last.endswith(("ss", "us", "is")) else last.removesuffix("s")
    return f"{first}{space}{one}"


def noun_for(number: int, noun: str) -> str:
    """The noun in the form that goes with `number`: ``product`` for 1, else ``products``."""
    return noun if number == 1 else plural(noun)


def counted(number: int, noun: str) -> str:
    """A number with its noun: ``1 product``, ``3 products``, ``2 categories``."""
    return f"{number_words(number)} {noun_for(number, noun)}"


def length_words(length: timedelta) -> str:
    """A length of time in whole days, or in whole hours where it is shorter than two days."""
    return counted(length.days, "day") if length.days > 1 else counted(length // timedelta(hours=1), "hour")


def size_words(number: int) -> str:
    """A number of bytes, in whole megabytes from the first on: ``20 MB``."""
    return f"{number_words(number // MEGABYTE)} MB" if number >= MEGABYTE else f"{number_words(number)} bytes"


def listed(names: Sequence[str]) -> str:
    """Several names in a sentence: ``1 product, 2 categories and 3 users``."""
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last


def iso_seconds(moment: datetime) -> str:
    """A moment in UTC as ISO 8601 has it, to the second; `isoformat` takes three times as long."""
    time = f"{TWO_DIGITS[moment.hour]}:{TWO_DIGITS[moment.minute]}:{TWO_DIGITS[moment.second]}"
    return f"{_iso_day(moment.date())}T{time}+00:00"


@lru_cache(CACHED_DAYS)
def _iso_day(day: date) -> str:
    return day.isoformat()


@lru_cache(CACHED_DAYS)
def day_words(day: date) -> str:
    """A day as people read it, such as ``27 Nov 2026``."""
    if text := getattr(day, BEYOND, ""):
        return str(text)
    # Spelled out, for strftime follows the language of the server.
    return f"{day.day} {MONTHS[day.month]} {day.year}"


def moment_words(moment: datetime) -> str:
    """A moment as the person reads it: ``27 Nov 2026, 09:30``, or ``27 Nov 2026, 08:30 UTC`` without a zone.

    One that has no zone is said as it is.
    """
    if text := getattr(moment, BEYOND, ""):
        return str(text)
    suffix = " UTC" if moment.tzinfo is not None and preferences().is_utc else ""
    return f"{_clock_words(local(moment))}{suffix}"


def utc_words(moment: datetime) -> str:
    """The same moment for everyone: ``27 Nov 2026, 08:30 UTC``."""
    if text := getattr(moment, BEYOND, ""):
        return str(text)
    return f"{_clock_words(moment if moment.tzinfo is UTC else moment.astimezone(UTC))} UTC"


def exact_words(moment: datetime) -> str:
    """A moment in UTC with its seconds, where it has any."""
    words = utc_words(moment)
    return f"{words[: -len(' UTC')]}:{TWO_DIGITS[moment.second]} UTC" if moment.second else words


def _clock_words(moment: datetime) -> str:
    return f"{day_words(moment.date())}, {_time_words(moment)}"


def _time_words(moment: datetime) -> str:
    return f"{TWO_DIGITS[moment.hour]}:{TWO_DIGITS[moment.minute]}"


def recent_words(moment: datetime) -> str:
    """A moment by how long ago it was, where that was today; else by its day.

    ``5 minutes ago``, ``yesterday 14:03``, ``27 Nov 2026, 09:30``.
    """
    if getattr(moment, BEYOND, "") or moment.tzinfo is None or moment > clock.now():
        return moment_words(moment)
    if clock.now() - moment < RECENT:
        return ago(moment)
    if is_yesterday(moment):
        return f"yesterday {_time_words(local(moment))}{' UTC' if preferences().is_utc else ''}"
    return moment_words(moment)


def ago(moment: datetime) -> str:
    """How long ago a moment was: ``3 minutes ago``, ``1 day ago``, or ``just now`` within a minute."""
    passed = clock.now() - moment
    for length, unit in UNITS:
        if number := passed // length:
            return f"{counted(number, unit)} ago"
    return "just now"
