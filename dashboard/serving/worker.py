"""A worker process: gunicorn starts, watches, restarts and stops it; waitress serves in it."""

from __future__ import annotations

import os
from types import FrameType

from gunicorn.workers.base import Worker

from dashboard.security_headers import policies
from dashboard.serving.server import Server, most_connections

KILL_SECONDS = 2
"""Gunicorn kills a worker that is still there after its graceful timeout."""


class ConsoleWorker(Worker):  # type: ignore[misc]
    """Serves until gunicorn, a signal or the end of gunicorn says stop."""

    server: Server | None = None

    def run(self) -> None:
        """Serve; gunicorn calls it once the process is set up."""
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
