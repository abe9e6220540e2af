"""The threads that answer: as many for requests that change something as for those that read.

A change may wait for a lock of the database or for its turn to hash a password. Half of the threads are out
of its reach, so that pages go on being read.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from dashboard.extensions import SAFE_METHODS

THREADS = 16
"""Of each kind. A connection to the database goes with each that is in use."""


class Threads:
    """Waitress's dispatcher: takes channels whose next request is whole and lets threads answer them."""

    def __init__(self, number: int = THREADS) -> None:
        self.reading, self.writing = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        for pool in (self.reading, self.writing):
            pool.set_thread_count(number)

    def add_task(self, channel: Any) -> None:
        """Queue a channel for a thread of the kind that its next request needs."""
        channel.queued_at = monotonic()
        request = channel.requests[0]
        is_safe = request.error or request.command in SAFE_METHODS
        (self.reading if is_safe else self.writing).add_task(channel)

    def shutdown(self, timeout: float) -> None:
        """End all threads; what they are at may take `timeout` seconds more."""
        begun = monotonic()
        for pool in (self.reading, self.writing):
            pool.shutdown(timeout=max(0, timeout - (monotonic() - begun)))
