"""Days, times and moments that a database holds and Python does not.

PostgreSQL has infinity, and years before 1 and after 9999; SQLite has any text, such as ``0000-00-00``. Each
is read as a value at an end of what Python has, and has its text besides: pages and the history show that,
and the database gets it back to the letter.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any, Self

from psycopg.abc import AdaptContext, Buffer
from psycopg.adapt import Dumper, Loader

WRITTEN = re.compile(
    r"(?P<year>\d{4,6})-(?P<rest>\d\d-\d\d( \d\d:\d\d:\d\d(\.\d{1,6})?(\+00)?)?)(?P<bc> BC)?", re.ASCII
)
YEARS_AD, YEARS_BC = range(10_000, 294_276), range(1, 4_713)
LEAP_YEAR, CYCLE = 2_000, 400
"""Leap years are the same in each cycle of years, so that any day can be checked in one that Python has."""
LAST_HOUR = "24:"
"""The beginning of the end of a day as PostgreSQL writes it, which newer Pythons read as its start."""


class Beyond:
    """A value that Python has no other one for, by its ``text``."""

    text: str

    def isoformat(self, *_args: Any, **_options: Any) -> str:
        """The text that the database writes, and reads again."""
        return self.text

    __str__ = isoformat

    def replace(self, *_args: Any, **_options: Any) -> Self:
        """The same value: nothing can be added to it."""
        return self

    def astimezone(self, *_args: Any) -> Self:
        """The same value: it is in UTC, as all that PostgreSQL sends."""
        return self

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Beyond) and self.text == other.text

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.text)


def _is_late(text: str) -> bool:
    return not text.startswith("-") and not text.endswith("BC")


class BeyondDay(Beyond, date):
    """A day that Python does not have."""

    def __new__(cls, text: str) -> Self:
        """Make the day of a text."""
        end = date.max if _is_late(text) else date.min
        made = super().__new__(cls, end.year, end.month, end.day)
        made.text = text
        return made


class BeyondMoment(Beyond, datetime):
    """A moment that Python does not have."""

    def __new__(cls, text: str, *, aware: bool) -> Self:
        """Make the moment of a text, in UTC or without a zone."""
        end = date.max if _is_late(text) else date.min
        made = super().__new__(cls, end.year, end.month, end.day, tzinfo=UTC if aware else None)
        made.text = text
        return made

    def date(self) -> BeyondDay:
        """The text of the whole, for days are shown by their text."""
        return BeyondDay(self.text)


class BeyondTime(Beyond, time):
    """A time of day that Python does not have, such as the end of the day."""

    def __new__(cls, text: str) -> Self:
        """Make the time of a text."""
        made = super().__new__(cls, 23, 59)
        made.text = text
        return made


def day_of(text: str) -> date:
    """Read a day as PostgreSQL or `isoformat` writes it."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        if not _is_beyond(text):
            raise
    return BeyondDay(text)


def time_of(text: str) -> time:
    """Read a time of day as PostgreSQL or `isoformat` writes it."""
    return BeyondTime(text) if text.startswith(LAST_HOUR) else time.fromisoformat(text)


def moment_of(text: str, *, aware: bool = False) -> datetime:
    """Read a moment as PostgreSQL or `isoformat` writes it; `aware` is for one that Python does not have."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        if not _is_beyond(text):
            raise
    return BeyondMoment(text, aware=aware)


def _is_beyond(text: str) -> bool:
    """Whether PostgreSQL writes a day or a moment so, and has it."""
    if text in ("infinity", "-infinity"):
        return True
    found = WRITTEN.fullmatch(text)
    if found is None or int(found["year"]) not in (YEARS_BC if found["bc"] else YEARS_AD):
        return False
    year = 1 - int(found["year"]) if found["bc"] else int(found["year"])
    datetime.fromisoformat(f"{LEAP_YEAR + year % CYCLE}-{found['rest']}")  # raises ValueError
    return True


def stored_day(text: str) -> date:
    """Read a day that a database once had, whatever its text."""
    try:
        return day_of(text)
    except ValueError:
        return BeyondDay(text)


def stored_time(text: str) -> time:
    """Read a time of day that a database once had, whatever its text."""
    try:
        return time_of(text)
    except ValueError:
        return BeyondTime(text)


def stored_moment(text: str) -> datetime:
    """Read a moment that a database once had, whatever its text."""
    try:
        return moment_of(text)
    except ValueError:
        return BeyondMoment(text, aware=False)


class _Written(Dumper):
    """Sends the text."""

    def dump(self, obj: Beyond) -> bytes:
        return obj.text.encode()


def _reading(read: Callable[[str], Any]) -> type[Loader]:
    class Read(Loader):
        def load(self, data: Buffer) -> Any:
            return read(bytes(data).decode())

    return Read


def _aware_moment_of(text: str) -> datetime:
    return moment_of(text, aware=True)


LOADERS = {
    "date": _reading(day_of),
    "time": _reading(time_of),
    "timetz": _reading(time_of),
    "timestamp": _reading(moment_of),
    "timestamptz": _reading(_aware_moment_of),
}


def read_beyond(connection: AdaptContext) -> None:
    """Let a connection to PostgreSQL, which writes days as ISO 8601 has it, read and write such values."""
    adapters = connection.adapters
    for name, loader in LOADERS.items():
        adapters.register_loader(name, loader)
    for kind in (BeyondDay, BeyondMoment, BeyondTime):
        adapters.register_dumper(kind, _Written)
