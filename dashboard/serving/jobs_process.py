"""The process that does jobs beside the server: started with it, replaced when it dies, and ended with it."""

from __future__ import annotations

import logging
import subprocess
import sys
from time import monotonic

COMMAND = (sys.executable, "-m", "dashboard", "worker", "--until-input-ends")
STARTED_AGAIN_AFTER = 5.0
"""Seconds between two starts, so that one that cannot run takes no processor."""

log = logging.getLogger(__name__)


class JobsProcess:
    """A child that runs `dashboard worker`.

    It ends when its input does, and so also where this process was killed and could not tell it to.
    """

    def __init__(self, command: tuple[str, ...] = COMMAND) -> None:
        self.command = command
        self.child: subprocess.Popen[bytes] | None = None
        self.started_at = float("-inf")

    def keep_running(self) -> None:
        """Start the process where there is none, or where it has died."""
        if self.child is not None and self.child.poll() is None:
            return
        if monotonic() - self.started_at < STARTED_AGAIN_AFTER:
            return
        if self.child is not None:
            log.error("The process that does jobs has ended; starting another.")
        self.started_at = monotonic()
        self.child = subprocess.Popen(self.command, stdin=subprocess.PIPE)  # noqa: S603 - our own command

    def ask_to_stop(self) -> None:
        """Let it end after the step that it is doing."""
        if self.child is not None and self.child.stdin is not None:
            self.child.stdin.close()

    def stop(self, seconds: float) -> None:
        """Wait until it has ended, and kill it after so many seconds: what it was doing is rolled back."""
        self.ask_to_stop()
        if self.child is None:
            return
        try:
            self.child.wait(seconds)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
