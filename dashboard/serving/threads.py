"""The threads that answer requests: half for requests that read, half for those that write.

A writing request may wait for a lock of the database or for its turn to hash a password. It can never use the
reading threads, so pages still load.
"""

from __future__ import annotations

from time import monotonic
from typing import Any

from waitress.task import ThreadedTaskDispatcher

from dashboard.extensions import SAFE_METHODS

THREADS = 16
"""Of each kind. Each busy thread uses a connection to the database."""


class Threads:
    """Waitress's dispatcher: queues channels with a complete request for the threads."""

    def __init__(self, number: int = THREADS) -> None:
        self.reading, self.writing = ThreadedTaskDispatcher(), ThreadedTaskDispatcher()
        for pool in (self.reading, self.writing):
            pool.set_thread_count(number)

    def add_task(self, channel: Any) -> None:
        """Queue a channel for a reading or a writing thread."""
        channel.queued_at = monotonic()
        request = channel.requests[0]
        is_safe = request.error or request.command in SAFE_METHODS
        (self.reading if is_safe else self.writing).add_task(channel)

    def shutdown(self, timeout: float) -> None:
        """End all threads; running requests have `timeout` seconds to finish."""
        begun = monotonic()
        for pool in (self.reading, self.writing):
            pool.shutdown(timeout=max(0, timeout - (monotonic() - begun)))
