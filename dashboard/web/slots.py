"""Limits how many threads do something expensive at once, and how long the others wait."""

from __future__ import annotations

from threading import BoundedSemaphore
from types import TracebackType

WAIT_SECONDS = 5.0
"""The same time that a write waits for a database lock; see `database.BUSY_TIMEOUT_MS`."""

LATE = "dashboard.late"
"""Set in the WSGI environment of a request that waited longer than that for a thread."""


class Busy(Exception):  # noqa: N818 - says what is the matter, as HTTP does
    """No slot became free in time; answered by 503 with Retry-After."""


class Slots:
    """A context manager that lets `number` threads of this process in at once.

    Entering raises `Busy` if no slot becomes free within `wait` seconds.
    """

    def __init__(self, number: int, wait: float = WAIT_SECONDS) -> None:
        self._free = BoundedSemaphore(number)
        self._wait = wait

    def __enter__(self) -> None:
        if not self._free.acquire(timeout=self._wait):
            raise Busy

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._free.release()
