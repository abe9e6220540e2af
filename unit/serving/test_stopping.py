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


def test_stopping_server_answers_running_and_queued_requests(serve: Serve) -> None:
    slow = Slow()
    server = serve(slow, threads=1)
    clients = [server.connect(GET) for _ in range(5)]
    assert slow.begun.acquire(timeout=PATIENCE_SECONDS)
    server.begin_to_stop()
    wait_until(lambda: not server.server.accepting)
    slow.opened.set()
    assert all(rest_of(client).endswith(b"hello") for client in clients)
    server.stop()


def test_last_answer_announces_that_the_connection_closes(serve: Serve) -> None:
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


def test_request_that_arrives_while_stopping_is_answered(
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


def test_idle_and_incomplete_connections_do_not_delay_the_stop(serve: Serve) -> None:
    server = serve(hello)
    clients = [server.connect(), server.connect(GET[:10])]
    wait_until(lambda: len(server.server.channels) == 2)
    server.stop()
    assert all(is_closed(client) for client in clients)


def test_stopped_server_accepts_no_connection(serve: Serve) -> None:
    server = serve(hello)
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        server.connect()


def test_request_that_outlasts_the_stop_is_dropped(serve: Serve, monkeypatch: pytest.MonkeyPatch) -> None:
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
