"""The worker process: gunicorn starts, watches, restarts and stops it; waitress serves requests."""

from __future__ import annotations

import ctypes
import os
from contextlib import suppress
from types import FrameType

from gunicorn.workers.base import Worker

from dashboard.accounts.uploads import most_bytes
from dashboard.background.runner import Runner
from dashboard.serving.server import Server, most_connections
from dashboard.web.security_headers import policies

M_MMAP_THRESHOLD = -3  # malloc.h
MAPPED_BYTES = 4 * 1024 * 1024
KILL_SECONDS = 2
"""How long before its graceful timeout a worker stops; at the timeout, gunicorn kills it."""


class ConsoleWorker(Worker):  # type: ignore[misc]
    """Serves until a signal, or until gunicorn is gone."""

    server: Server | None = None

    def run(self) -> None:
        """Serve requests; called by gunicorn when the process is ready."""
        give_memory_back()
        (listener,) = self.sockets
        self.server = Server(
            self.wsgi,
            listener.sock,
            policies(self.wsgi),
            connections=most_connections(),
            most_bytes=most_bytes(self.wsgi),
        )
        runner = Runner(self.wsgi)  # made after the fork, which no thread survives
        runner.start()
        while self.alive and self.ppid == os.getppid():
            self.notify()
            self.server.turn()
        server, self.server = self.server, None  # a second signal must not wake the loop that has ended
        runner.ask_to_stop()
        server.stop(self.cfg.graceful_timeout - KILL_SECONDS)
        runner.stop(KILL_SECONDS / 2)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop, without waiting for the loop's next turn."""
        super().handle_exit(sig, frame)
        if self.server is not None:
            self.server.pull_trigger()


def give_memory_back() -> None:
    """Return the memory of password hashing to the system.

    After freeing the first 19 MiB block, the GNU C library would hold one for every thread that hashes.
    """
    with suppress(AttributeError, OSError):  # other libraries have no such function
        ctypes.CDLL(None).mallopt(M_MMAP_THRESHOLD, MAPPED_BYTES)
