"""A server of this process on a port of its own, and clients who speak bytes."""

import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from typing import Any

import pytest

from dashboard.serving import server as serving
from dashboard.serving.server import Server
from dashboard.web.security_headers import POLICIES

PATIENCE_SECONDS = 10
HOST = b"Host: 127.0.0.1\r\n"
GET = b"GET / HTTP/1.1\r\n" + HOST + b"\r\n"
GET_LAST = b"GET / HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n"


class Running:
    """A server in a thread; `stop()` stops it as a worker does."""

    def __init__(self, server: Server, port: int) -> None:
        self.server, self.port = server, port
        self.clients: list[socket.socket] = []
        self._stops = Event()
        self._thread = Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._stops.is_set():
            self.server.turn(0.02)
        self.server.stop(PATIENCE_SECONDS)

    def begin_to_stop(self) -> None:
        """Tell it to stop, and wait for nothing."""
        self._stops.set()
        with suppress(OSError):
            self.server.pull_trigger()

    def stop(self) -> None:
        """Stop it."""
        self.begin_to_stop()
        self._thread.join(2 * PATIENCE_SECONDS)
        assert not self._thread.is_alive()

    def connect(self, *sent: bytes, receives: int | None = None) -> socket.socket:
        """A new connection, on which `sent` was sent; its system buffers `receives` bytes for it."""
        client = socket.socket()
        self.clients.append(client)
        if receives:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receives)
        client.settimeout(PATIENCE_SECONDS)
        client.connect(("127.0.0.1", self.port))
        for data in sent:
            client.sendall(data)
        return client

    def ask(self, request: bytes = GET_LAST) -> bytes:
        """All that comes back on a new connection until it is closed."""
        with self.connect(request) as client:
            return rest_of(client)


def rest_of(client: socket.socket) -> bytes:
    """Return the bytes that arrive until the server closes the connection."""
    pieces = []
    while piece := client.recv(65536):
        pieces.append(piece)
    return b"".join(pieces)


def is_closed(client: socket.socket) -> bool:
    """Whether the server closes the connection, within the patience, without having said anything."""
    try:
        return client.recv(1) == b""
    except ConnectionResetError:
        return True


Serve = Callable[..., Running]


@pytest.fixture
def serve() -> Iterator[Serve]:
    """`serve(application, threads=1)` serves a WSGI application until the test ends."""
    running: list[Running] = []

    def serve(application: Any, **options: Any) -> Running:
        listener = socket.socket()
        listener.bind(("127.0.0.1", 0))
        listener.listen(64)
        port = listener.getsockname()[1]
        running.append(Running(Server(application, listener, POLICIES, **options), port))
        return running[-1]

    yield serve
    for each in running:
        each.stop()
        for client in each.clients:
            client.close()


@pytest.fixture
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Connections are looked at all the time, and nothing lingers."""
    monkeypatch.setattr(serving, "LOOK_SECONDS", 0.02)
    monkeypatch.setattr(serving, "LINGER_SECONDS", 0.2)


def hello(_environ: Any, start_response: Any) -> list[bytes]:
    """A WSGI application that answers at once."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"hello"]
