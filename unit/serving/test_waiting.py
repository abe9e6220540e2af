"""Changes that wait leave half of the threads to those who read, and nobody waits for long."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Semaphore
from typing import Any

import pytest
from flask import Flask

from dashboard.serving import channel
from dashboard.web.slots import LATE
from unit.serving.answers import headers, status, wait_until
from unit.serving.conftest import GET_LAST, HOST, PATIENCE_SECONDS, Running, Serve, hello, rest_of

POST = b"POST / HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 0\r\n\r\n"
LOGIN = b"POST /login HTTP/1.1\r\n" + HOST + b"Connection: close\r\nContent-Length: 0\r\n\r\n"

pytestmark = pytest.mark.usefixtures("hasty")


class Gate:
    """A WSGI application whose POST requests wait until the gate opens."""

    def __init__(self, application: Any = hello) -> None:
        self.application, self.opened, self.waiting = application, Event(), Semaphore(0)

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "POST" and not environ[LATE]:
            self.waiting.release()
            self.opened.wait(PATIENCE_SECONDS)
        return self.application(environ, start_response)


@contextmanager
def writers(
    server: Running, gate: Gate, number: int, threads: int, request: bytes = POST
) -> Iterator[list[Any]]:
    """So many clients whose changes wait, of which as many as there are threads have one."""
    clients = [server.connect(request) for _ in range(number)]
    for _ in range(min(number, threads)):
        assert gate.waiting.acquire(timeout=PATIENCE_SECONDS)
    try:
        yield clients
    finally:
        gate.opened.set()
        for client in clients:
            client.close()


def test_pages_are_read_while_every_change_waits(serve: Serve) -> None:
    gate = Gate()
    server = serve(gate, threads=2)
    with writers(server, gate, 20, threads=2):
        assert server.ask().endswith(b"hello")


def test_changes_are_made_while_every_reader_waits(serve: Serve) -> None:
    go_on, reading = Event(), Semaphore(0)

    def application(environ: Any, start_response: Any) -> list[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            reading.release()
            go_on.wait(PATIENCE_SECONDS)
        return hello(environ, start_response)

    server = serve(application, threads=1)
    with server.connect(GET_LAST):
        assert reading.acquire(timeout=PATIENCE_SECONDS)
        assert server.ask(POST).endswith(b"hello")
        go_on.set()


def test_requests_that_wait_for_a_thread_are_answered(serve: Serve) -> None:
    gate = Gate()
    server = serve(gate, threads=2)
    with writers(server, gate, 20, threads=2) as clients:
        gate.opened.set()
        assert all(rest_of(client).endswith(b"hello") for client in clients)


def test_request_that_waited_too_long_is_503_with_retry_after(
    serve: Serve, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "WAIT_SECONDS", 0.1)
    gate = Gate(app)
    server = serve(gate, threads=1)
    with writers(server, gate, 2, threads=1, request=LOGIN) as (first, second):
        wait_until(lambda: len(server.server.task_dispatcher.writing.queue) == 1)
        Event().wait(0.2)
        gate.opened.set()
        late = rest_of(second)
        assert (status(late), headers(late)["retry-after"]) == (503, "5")
        assert b"Too many users are doing this right now" in late
        assert status(rest_of(first)) == 400  # it has no token
