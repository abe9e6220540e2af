"""A server that stops answers what it accepted, and takes nothing more."""

from threading import Event, Semaphore, Thread
from typing import Any

import pytest

from unit.serving.answers import wait_until
from unit.serving.conftest import GET, GET_LAST, PATIENCE_SECONDS, Serve, hello, is_closed, rest_of

pytestmark = pytest.mark.usefixtures("hasty")


class Slow:
    """A WSGI application that answers when it is told to."""

    def __init__(self) -> None:
        self.opened, self.begun = Event(), Semaphore(0)

    def __call__(self, environ: Any, start_response: Any) -> list[bytes]:
        self.begun.release()
        self.opened.wait(PATIENCE_SECONDS)
        return hello(environ, start_response)


def test_requests_at_work_and_in_the_queue_are_answered(serve: Serve) -> None:
    slow = Slow()
    server = serve(slow, threads=1)
    clients = [server.connect(GET) for _ in range(5)]
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    server.begin_to_stop()
    wait_until(lambda: not server.server.accepting)
    slow.opened.set()
    assert all(rest_of(client).endswith(b"hello") for client in clients)
    server.stop()


def test_the_last_answer_says_that_it_is_the_last(serve: Serve) -> None:
    slow = Slow()
    server = serve(slow, threads=1)
    first, second = server.connect(GET), server.connect(GET)
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    server.begin_to_stop()
    wait_until(
        lambda: all(channel.closes_next for channel in server.server.channels) and not server.server.accepting
    )
    slow.opened.set()
    rest_of(first)
    assert b"\r\nConnection: close\r\n" in rest_of(second)


def test_connections_that_the_system_took_are_served(serve: Serve) -> None:
    server = serve(hello)
    busy, go_on = Event(), Event()

    def hold() -> None:
        busy.set()
        go_on.wait(PATIENCE_SECONDS)

    # The loop is held up, so that those who come now wait in the system's queue when the stop begins.
    server.server.trigger.pull_trigger(hold)
    assert busy.wait(PATIENCE_SECONDS)
    clients = [server.connect(GET_LAST) for _ in range(40)]
    server.begin_to_stop()
    go_on.set()
    assert all(rest_of(client).endswith(b"hello") for client in clients)


def test_a_request_that_comes_in_while_it_stops_is_answered(
    serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dashboard.serving.server.LINGER_SECONDS", PATIENCE_SECONDS)
    server = serve(hello)
    client = server.connect(GET[:-2])
    wait_until(lambda: server.server.channels)
    server.begin_to_stop()
    wait_until(lambda: not server.server.accepting)
    client.sendall(GET[-2:])
    assert rest_of(client).endswith(b"hello")


def test_idle_connections_and_half_requests_do_not_hold_it_up(serve: Serve) -> None:
    server = serve(hello)
    clients = [server.connect(), server.connect(GET[:10])]
    wait_until(lambda: len(server.server.channels) == 2)
    server.stop()
    assert all(is_closed(client) for client in clients)


def test_nobody_is_accepted_any_more(serve: Serve) -> None:
    server = serve(hello)
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        server.connect()


def test_what_takes_too_long_is_given_up(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
    slow = Slow()
    server = serve(slow)
    client = server.connect(GET)
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    monkeypatch.setattr("unit.serving.conftest.PATIENCE_SECONDS", 0.3)
    stopping = Thread(target=server.stop)
    stopping.start()
    assert is_closed(client)
    slow.opened.set()
    stopping.join(PATIENCE_SECONDS)
