"""A server for one worker process: takes connections, closes overdue ones, and stops without losing any."""

from __future__ import annotations

import logging
import resource
import socket
from collections.abc import Iterable, Mapping
from time import monotonic
from typing import TYPE_CHECKING

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.server import TcpWSGIServer

from dashboard.serving.bodies import CUT_OFF_BYTES, UPLOADS_AT_ONCE, Budget, MostBytes, most_of_a_form
from dashboard.serving.channel import Channel, Wait
from dashboard.serving.threads import THREADS, Threads

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

MOST_CONNECTIONS = 4096
OTHER_FILES = 256  # the files of the database, pipes, logs
FEWEST_FILES = 128
ACCEPTED_AT_ONCE = 16  # few, so that the other workers get some
EVICTED = 64
HEAD_BYTES = 32 * 1024
UNREAD_BYTES = 1024 * 1024
"""How much of an answer is buffered for a slow reader before its thread has to wait."""
LOOK_SECONDS = 1.0
"""How often the server looks for overdue connections."""
LINGER_SECONDS = 2.0
"""How long a server that stops still reads from idle connections and incomplete requests."""


class TooFewFilesError(OSError):
    """The process may open too few files to serve requests."""


def most_connections() -> int:
    """The number of connections a process may hold, by the number of files it may open.

    Raises TooFewFilesError.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_CONNECTIONS + OTHER_FILES
    most = wanted if hard == resource.RLIM_INFINITY else min(hard, wanted)
    if most < FEWEST_FILES:
        raise TooFewFilesError(f"{most} files may be open, and at least {FEWEST_FILES} are needed")
    if most > soft:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    return max(most - OTHER_FILES, most // 2)


def adjustments() -> Adjustments:
    """The settings of waitress: buffers in memory, no server header, no trust in proxy headers."""
    return Adjustments(
        asyncore_use_poll=True,
        backlog=2048,
        clear_untrusted_proxy_headers=False,  # ProxyFix reads them, or they are ignored
        ident="",
        inbuf_overflow=CUT_OFF_BYTES,
        log_socket_errors=False,
        max_request_body_size=CUT_OFF_BYTES,
        max_request_header_size=HEAD_BYTES,
        outbuf_high_watermark=UNREAD_BYTES,
        outbuf_overflow=CUT_OFF_BYTES,
    )


class Server(TcpWSGIServer):  # type: ignore[misc]
    """Waitress on a socket that listens already."""

    channel_class = Channel

    def __init__(
        self,
        application: WSGIApplication,
        listener: socket.socket,
        policies: Mapping[str, str],
        *,
        connections: int = MOST_CONNECTIONS,
        threads: int = THREADS,
        most_bytes: MostBytes = most_of_a_form,
    ) -> None:
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # warns of each request that waits
        self.policies, self.budget, self.most_bytes = policies, Budget(), most_bytes
        self.uploads = Budget(UPLOADS_AT_ONCE)
        self.most_connections = connections
        self._next_look = 0.0
        super().__init__(
            application,
            _sock=listener,
            dispatcher=Threads(threads),
            adj=adjustments(),
            bind_socket=False,
            sockinfo=(listener.family, listener.type, listener.proto, listener.getsockname()),
        )

    @property
    def channels(self) -> list[Channel]:
        """The open connections."""
        return list(self.active_channels.values())

    def turn(self, timeout: float = 1.0) -> None:
        """Wait for events for at most `timeout` seconds and handle them.

        Connections are dropped before, never while events are handled: a new connection can get the file
        number of a dropped one, and would then be sent its events.
        """
        self._drop_overdue(monotonic())
        self._make_room()
        wasyncore.poll2(timeout, self._map)

    def _drop_overdue(self, now: float) -> None:
        if now >= self._next_look:
            self._next_look = now + LOOK_SECONDS
            self._close(channel for channel in self.channels if channel.is_overdue(now))

    def _make_room(self) -> None:
        """If there are too many connections, drop those that have waited for their clients the longest."""
        if self._is_full():
            self._close(sorted(self._waiting(), key=lambda channel: channel.waits_since)[:EVICTED])

    def readable(self) -> bool:
        """Whether to take connections."""
        return bool(self.accepting and not self._is_full())

    def handle_accept(self) -> None:
        """Accept some of the waiting connections."""
        for _ in range(ACCEPTED_AT_ONCE):
            if not self._takes_one():
                return

    def _takes_one(self) -> bool:
        before = len(self.active_channels)
        super().handle_accept()
        return len(self.active_channels) > before

    def _is_full(self) -> bool:
        return len(self.active_channels) > self.most_connections

    def _waiting(self) -> list[Channel]:
        return [channel for channel in self.channels if channel.waits_for() is not Wait.NOTHING]

    @staticmethod
    def _close(channels: Iterable[Channel]) -> None:
        for channel in channels:
            channel.drop()

    def stop(self, seconds: float) -> None:
        """Accept nothing more, and answer all accepted requests within `seconds`."""
        self._take_the_rest()
        begun = monotonic()
        while (passed := monotonic() - begun) < seconds:
            for channel in self.channels:
                channel.closes_next = True
            waiting = self.channels if passed < LINGER_SECONDS else self._busy()
            if not waiting:
                break
            self.turn(0.1)
        self.task_dispatcher.shutdown(max(0.0, seconds - (monotonic() - begun)))
        self._close(self.channels)
        self.trigger.close()

    def _busy(self) -> list[Channel]:
        return [channel for channel in self.channels if channel.has_work]

    def _take_the_rest(self) -> None:
        """Accept the connections in the system's queue, then stop listening."""
        while self._takes_one():
            pass
        self.accepting = False
        self.del_channel()
        self.socket.close()
