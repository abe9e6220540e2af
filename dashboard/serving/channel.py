"""A connection with deadlines.

Threads never wait for a client, so a slow one costs only a little memory. The deadlines measure progress: a
client that sends or reads slowly but steadily has all the time it needs.
"""

from __future__ import annotations

import fcntl
import socket
import struct
import termios
from contextlib import suppress
from enum import Enum, auto
from time import monotonic
from typing import Any

from waitress.channel import HTTPChannel

from dashboard.serving.bodies import Request, request_parser
from dashboard.serving.tasks import Answer, RefusedRequest
from dashboard.web.slots import WAIT_SECONDS

IDLE_SECONDS = 75.0
"""Longer than proxies keep an idle connection (60 s): closing it first makes their next request fail."""
WINDOW_SECONDS = 20.0
"""The time for a whole head, and for `WINDOW_BYTES` of a body or an answer."""
WINDOW_BYTES = 500 * int(WINDOW_SECONDS)
"""500 bytes per second, the default of Apache's mod_reqtimeout."""
DROP_SECONDS = 2.0
"""How long the rest of a refused request is read and discarded, so that the client reads the answer."""


class Wait(Enum):
    """The event that a connection is waiting for."""

    NOTHING = auto()
    NEXT_REQUEST = auto()
    HEAD = auto()
    BODY = auto()
    READER = auto()


class Channel(HTTPChannel):  # type: ignore[misc]
    """A connection of waitress with deadlines."""

    task_class = Answer
    error_task_class = RefusedRequest
    request: Request | None
    """The incomplete next request, if any of it has arrived."""
    queued_at = began_at = 0.0
    """When its request was queued for a thread and when a thread took it, by the monotonic clock."""
    is_refused = False
    """Whether a malformed request was refused, which ends the connection."""
    closes_next = False
    """Whether the next answer is the last of this connection."""

    def __init__(self, server: Any, *args: Any, **kwargs: Any) -> None:
        self.parser_class = request_parser(server.budget, server.uploads, server.most_bytes)
        self._bytes_in = self._bytes_out = self._answered = 0
        self._window: tuple[Wait, int] = (Wait.NEXT_REQUEST, 0)
        self.waits_since, self._moved_before = monotonic(), 0
        self._drops_until: float | None = None
        super().__init__(server, *args, **kwargs)

    @property
    def is_late(self) -> bool:
        """Whether the current request waited too long for a thread."""
        return self.began_at - self.queued_at > WAIT_SECONDS

    @property
    def has_work(self) -> bool:
        """Whether a request is unanswered or an answer unsent."""
        return bool(self.requests or self.total_outbufs_len)

    def waits_for(self) -> Wait:
        """Return the step that the client has to take next."""
        request = self.request
        if self.total_outbufs_len:
            return Wait.READER
        if self.requests:
            return Wait.NOTHING
        if request is None or not request.has_begun:
            return Wait.NEXT_REQUEST
        return Wait.BODY if request.headers_finished else Wait.HEAD

    def is_overdue(self, now: float) -> bool:
        """Whether the client has missed a deadline; called about once a second."""
        if self._drops_until is not None:
            return now > self._drops_until
        window = (self.waits_for(), self._answered)
        if window != self._window:
            self._open(window, now)
            return False
        wait, waited = window[0], now - self.waits_since
        if wait in (Wait.NOTHING, Wait.NEXT_REQUEST):
            return wait is Wait.NEXT_REQUEST and waited > IDLE_SECONDS
        if waited <= WINDOW_SECONDS:
            return False
        if wait is Wait.HEAD or self._moved(wait) - self._moved_before < WINDOW_BYTES:
            return True
        self._open(window, now)
        return False

    def _open(self, window: tuple[Wait, int], now: float) -> None:
        self._window, self.waits_since, self._moved_before = window, now, self._moved(window[0])

    def _moved(self, wait: Wait) -> int:
        """The bytes moved so far in the direction of `wait`."""
        return self._bytes_out - self._not_acknowledged() if wait is Wait.READER else self._bytes_in

    def _not_acknowledged(self) -> int:
        # The kernel buffers some MB at once, and then nothing until a slow reader has read a third of them,
        # so the bytes it took say little about the bytes that were read.
        with suppress(OSError):
            return int(struct.unpack("i", fcntl.ioctl(self.socket, termios.TIOCOUTQ, b"\0" * 4))[0])
        return 0

    def recv(self, buffer_size: int) -> bytes:
        """Read from the socket and count."""
        data: bytes = super().recv(buffer_size)
        self._bytes_in += len(data)
        return data

    def send(self, data: bytes, do_close: bool = True) -> int:
        """Write to the socket and count."""
        sent = int(super().send(data, do_close))
        self._bytes_out += sent
        return sent

    def service(self) -> None:
        """Answer a request, in a thread."""
        self.began_at = monotonic()
        super().service()
        self._answered += 1

    def handle_read(self) -> None:
        """Read what has arrived; discard it if the connection is about to close."""
        if self._drops_until is None:
            super().handle_read()
            return
        try:
            self.recv(self.adj.recv_bytes)
        except OSError:
            self.drop()

    def handle_close(self) -> None:
        """Close the connection, after a refused client has had time to read why.

        Closing with unread data makes the system send a reset, and the client then loses the answer.
        """
        if not self.is_refused or self._drops_until is not None:
            self.drop()
            return
        self.will_close = self.close_when_flushed = False
        self._drops_until = monotonic() + DROP_SECONDS
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)

    def drop(self) -> None:
        """Close the connection at once."""
        super().handle_close()
        if self.request is not None:
            self.request.close()  # but still set: waitress may be working on it, here or in a thread
