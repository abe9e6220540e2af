"""How the person of this request reads pages: the zone of their times. Outside of requests it is UTC."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar, Token
from dataclasses import dataclass
from datetime import UTC, tzinfo
from functools import cache, lru_cache
from zoneinfo import ZoneInfo, available_timezones

UTC_NAME = "UTC"
LONGEST = 64
"""Characters of the name of a zone; the longest has 32."""
CACHED_ZONES = 64
AREAS = (
    *("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic"),
    *("Australia", "Europe", "Indian", "Pacific"),
)
SAME_AS_UTC = frozenset({UTC_NAME, *("Etc/UTC", "Etc/UCT", "Etc/Universal", "Etc/Zulu", "UCT", "Zulu")})


@dataclass(frozen=True)
class Preferences:
    """The choices of a person; ``zone_name`` is the name of ``zone`` in the database of time zones."""

    zone_name: str = UTC_NAME
    zone: tzinfo = UTC

    @property
    def is_utc(self) -> bool:
        """Whether times are in UTC, which pages then say."""
        return self.zone is UTC


DEFAULT = Preferences()
_current: ContextVar[Preferences] = ContextVar("preferences", default=DEFAULT)


def preferences() -> Preferences:
    """The preferences of this request."""
    return _current.get()


def prefer(chosen: Preferences) -> Token[Preferences]:
    """Let `chosen` hold until `forget` is called with what this returns."""
    return _current.set(chosen)


def forget(token: Token[Preferences]) -> None:
    """Let those from before `prefer` hold again."""
    _current.reset(token)


@contextmanager
def preferring(chosen: Preferences) -> Iterator[None]:
    """Let `chosen` hold within a block."""
    token = prefer(chosen)
    try:
        yield
    finally:
        forget(token)


@lru_cache(CACHED_ZONES)
def in_zone(name: str) -> Preferences:
    """The preferences of a person in the zone called `name`, in UTC where there is no such zone."""
    if not is_zone(name) or name in SAME_AS_UTC:
        return DEFAULT
    return Preferences(name, ZoneInfo(name))


def is_zone(name: str) -> bool:
    """Whether there is a zone of this name; any text may be asked."""
    return len(name) <= LONGEST and name in _zones()


def label_of(name: str) -> str:
    """The name of a zone as pages have it: ``America/New York``."""
    return name.replace("_", " ")


@cache
def zones_to_choose() -> tuple[str, ...]:
    """The names of the zones of places, and UTC, which comes first."""
    return (UTC_NAME, *sorted(name for name in _zones() if name.partition("/")[0] in AREAS))


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())
