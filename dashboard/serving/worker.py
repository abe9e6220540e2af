"""A worker process: gunicorn starts, watches, restarts and stops it; waitress serves in it."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from types import FrameType

from gunicorn.workers.base import Worker

from dashboard.security_headers import policies
from dashboard.serving.server import Server, most_connections

M_MMAP_THRESHOLD = -3  # malloc.h
MAPPED_BYTES = 4 * 1024 * 1024
KILL_SECONDS = 2
"""Gunicorn kills a worker that is still there after its graceful timeout."""


class ConsoleWorker(Worker):  # type: ignore[misc]
    """Serves until gunicorn, a signal or the end of gunicorn says stop."""

    server: Server | None = None

    def run(self) -> None:
        """Serve; gunicorn calls it once the process is set up."""
        give_memory_back()
        (listener,) = self.sockets
        self.server = Server(self.wsgi, listener.sock, policies(self.wsgi), connections=most_connections())
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self.server.turn()
        server, self.server = self.server, None  # from here on a signal has nothing to wake up
        server.stop(self.cfg.graceful_timeout - KILL_SECONDS)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop; wakes the loop up, which would wait for up to a second."""
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.pull_trigger()


def give_memory_back() -> None:
    """Let the system have again what hashing a password took.

    The GNU C library would keep 19 MiB for each thread that ever hashed one, once the first was freed.
    """
    with suppress(AttributeError, OSError):  # other libraries have no such function
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES)
