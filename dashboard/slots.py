"""How many may do something expensive at once, and how long others wait for their turn."""

from __future__ import annotations

from threading import BoundedSemaphore
from types import TracebackType

WAIT_SECONDS = 5.0
"""As long as a write waits for a lock of the database; see `database.BUSY_TIMEOUT_MS`."""

LATE = "dashboard.late"
"""What the WSGI environment says of a request that waited for a thread for longer than that."""


class Busy(Exception):  # noqa: N818 - says what is the matter, as HTTP does
    """Too many ask for the same expensive work; answered by 503 and a Retry-After header."""


class Slots:
    """A context manager that lets `number` threads of this process in at once.

    Entering raises `Busy` where none of them left within `wait` seconds.
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
