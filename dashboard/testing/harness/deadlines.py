"""Time limits: for one test, and for the whole run."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import pytest


@contextmanager
def deadline(milliseconds: int | None) -> Iterator[None]:
    """Fail the test when the block takes longer; 0 or None means no limit."""
    if not milliseconds:
        yield
        return

    def expire(_signal: int, _frame: FrameType | None) -> None:
        # Playwright lets a handler raise out of its event loop and goes on afterwards.
        pytest.fail(f"the test took longer than its timeout of {milliseconds} ms")

    previous = signal.signal(signal.SIGALRM, expire)
    signal.setitimer(signal.ITIMER_REAL, milliseconds / 1000)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, previous)


class GlobalTimeout:
    """Stops the run, after the test that is running, when its time is over."""

    def __init__(self, milliseconds: int) -> None:
        self.milliseconds = milliseconds
        self.ends = time.monotonic() + milliseconds / 1000

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_teardown(self, item: pytest.Item) -> None:
        """Let no further test begin once the time is over."""
        if time.monotonic() > self.ends:
            item.session.shouldfail = f"the run took longer than its globalTimeout of {self.milliseconds} ms"
