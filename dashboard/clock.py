"""The one clock of the package: aware, UTC, and settable by tests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime


def _system_clock() -> datetime:
    return datetime.now(UTC)


_clock: Callable[[], datetime] = _system_clock


def now() -> datetime:
    """The present moment as an aware UTC datetime."""
    return _clock()


def set_clock(clock: Callable[[], datetime] | None) -> None:
    """Let `clock` tell the time from now on; None gives it back to the system."""
    global _clock
    _clock = clock or _system_clock
