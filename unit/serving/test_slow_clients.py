"""Clients that keep a server waiting cost others nothing, and are let go after a while."""

from collections.abc import Iterator
from itertools import repeat
from threading import Event
from typing import Any

import pytest

from dashboard.serving import channel
from dashboard.serving.channel import Wait
from unit.serving.conftest import (
    GET,
    GET_LAST,
    HOST,
    PATIENCE_SECONDS,
    Running,
    Serve,
    hello,
    is_closed,
    rest_of,
)

POST = b"POST / HTTP/1.1\r\n" + HOST
HALF = {
    "head": GET[:-3],
    "body": POST + b"Content-Length: 100\r\n\r\nhalf",
    "chunk": POST + b"Transfer-Encoding: chunked\r\n\r\n64\r\nhalf",
    "nothing": b"",
}
LARGE = 64 * 1024 * 1024

pytestmark = [pytest.mark.usefixtures("hasty"), pytest.mark.security(86)]


@pytest.fixture
def short_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    """Clients may keep the server waiting for a moment only."""
    monkeypatch.setattr(channel, "WINDOW_SECONDS", 0.3)
    monkeypatch.setattr(channel, "WINDOW_BYTES", 4)
    monkeypatch.setattr(channel, "IDLE_SECONDS", 0.3)


def large(environ: Any, start_response: Any) -> Iterator[bytes]:
    """An application whose page `/large` is more than any system buffers."""
    start_response("200 OK", [("Content-Type", "text/plain")])
    size = LARGE if environ["PATH_INFO"] == "/large" else 1
    yield from repeat(b"x" * min(size, 65536), max(1, size // 65536))


@pytest.mark.parametrize("half", HALF)
def test_incomplete_requests_hold_no_thread(serve: Serve, half: str) -> None:
    server = serve(hello, threads=1)
    clients = [server.connect(HALF[half]) for _ in range(30)]
    assert server.ask().endswith(b"hello")
    for client in clients:
        client.close()


def test_unread_answers_hold_no_thread(serve: Serve) -> None:
    server = serve(hello, threads=1)
    clients = [server.connect(GET * 20, receives=1024) for _ in range(30)]
    assert server.ask().endswith(b"hello")
    for client in clients:
        client.close()


@pytest.mark.parametrize("half", HALF)
def test_incomplete_request_is_dropped(serve: Serve, short_windows: None, half: str) -> None:
    with serve(hello).connect(HALF[half]) as client:
        assert is_closed(client)


def test_idle_connection_is_closed(serve: Serve, short_windows: None) -> None:
    with serve(hello).connect(GET) as client:
        assert rest_of(client).endswith(b"hello")


def test_slow_but_steady_body_is_accepted(serve: Serve, short_windows: None) -> None:
    server = serve(hello)
    pause = Event()
    with server.connect(POST + b"Connection: close\r\nContent-Length: 20\r\n\r\n") as client:
        for _ in range(20):
            pause.wait(0.04)
            client.send(b"x")
        assert rest_of(client).endswith(b"hello")


def test_body_that_is_too_slow_is_dropped(
    serve: Serve, short_windows: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "WINDOW_BYTES", 1000)
    server = serve(hello)
    pause = Event()
    with server.connect(POST + b"Content-Length: 2000\r\n\r\n") as client:
        with pytest.raises(OSError):
            for _ in range(500):
                pause.wait(0.02)
                client.send(b"x")
        assert is_closed(client)


def test_trickling_head_is_dropped(serve: Serve, short_windows: None) -> None:
    server = serve(hello)
    pause = Event()
    with server.connect(b"GET / HTTP/1.1\r\nX-Long: ") as client, pytest.raises(OSError):
        for _ in range(500):
            pause.wait(0.02)
            client.send(b"x" * 100)


def test_client_that_stops_reading_frees_the_thread(serve: Serve, short_windows: None) -> None:
    server = serve(large, threads=1)
    with server.connect(b"GET /large HTTP/1.1\r\n" + HOST + b"\r\n", receives=4096):
        assert server.ask().endswith(b"\r\n1\r\nx\r\n0\r\n\r\n")


def test_slow_reader_gets_the_whole_answer(serve: Serve, short_windows: None) -> None:
    server = serve(large)
    pause, size = Event(), 0
    with server.connect(b"GET /large HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n") as client:
        while piece := client.recv(4 * 1024 * 1024):
            size += len(piece)
            pause.wait(0.02)
    assert size > LARGE


def test_running_request_is_never_overdue(serve: Serve, short_windows: None) -> None:
    go_on = Event()

    def slow(environ: Any, start_response: Any) -> list[bytes]:
        go_on.wait(PATIENCE_SECONDS)
        return hello(environ, start_response)

    server = serve(slow)
    with server.connect(GET_LAST) as client:
        wait_until_busy(server)
        Event().wait(0.8)  # more than two windows
        go_on.set()
        assert rest_of(client).endswith(b"hello")


def wait_until_busy(server: Running) -> None:
    """Wait until a thread is at the one request there is."""
    for _ in range(1000):
        if [each.waits_for() for each in server.server.channels] == [Wait.NOTHING]:
            return
        Event().wait(0.01)
    raise AssertionError("no thread took the request")


def test_longest_waiting_connection_is_evicted_when_full(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.serving.server.EVICTED", 1)
    server = serve(hello, connections=8)
    clients = []
    for _ in range(8):
        clients.append(server.connect())
        assert_open(server, len(clients))
    assert server.ask().endswith(b"hello")
    assert is_closed(clients[0])
    clients[1].sendall(GET_LAST)
    assert rest_of(clients[1]).endswith(b"hello")
    assert server.connect().send(b"x") == 1
    for client in clients:
        client.close()


def assert_open(server: Running, number: int) -> None:
    """Wait until the server has taken so many connections."""
    for _ in range(1000):
        if len(server.server.channels) == number:
            return
        Event().wait(0.01)
    raise AssertionError(f"{len(server.server.channels)} connections are open")
