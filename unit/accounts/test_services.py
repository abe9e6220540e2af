"""Asking services that answer slowly, endlessly or in parts."""

import gzip
import socket
from collections.abc import Callable, Iterator
from contextlib import suppress
from threading import Event, Thread
from time import monotonic

import pytest
from requests import RequestException, Session

from dashboard.accounts.services import Askers, NoAnswerError, bound

HEAD = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
SECONDS = 0.3
SOON = 5.0  # far more than that, for a machine that is busy, and far less than the answers take
Speak = Callable[[list[bytes]], str]


@pytest.fixture
def speak() -> Iterator[Speak]:
    """`speak([b"…", …])` is the address of a service that sends these parts, each a little later."""
    over, servers = Event(), []

    def speak(parts: list[bytes]) -> str:
        server = socket.create_server(("127.0.0.1", 0))
        servers.append(server)
        Thread(target=_serve, args=(server, parts, over), daemon=True).start()
        return f"http://127.0.0.1:{server.getsockname()[1]}/"

    yield speak
    over.set()
    for server in servers:
        server.close()


def _serve(server: socket.socket, parts: list[bytes], over: Event) -> None:
    with suppress(OSError), server.accept()[0] as connection:
        connection.recv(65536)
        for part in parts:
            connection.sendall(part)
            if len(parts) > 1 and over.wait(SECONDS / 10):
                return


def ask(address: str, longest: int = 1000) -> bytes:
    """The body of the answer of a service."""
    with Session() as session:
        bound(session, seconds=SECONDS, longest=longest)
        return session.get(address).content


def test_whole_answer_is_read(speak: Speak) -> None:
    assert ask(speak([HEAD + b"Content-Length: 3\r\n\r\nabc"])) == b"abc"
    assert ask(speak([HEAD + b"Transfer-Encoding: chunked\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n"])) == b"abc"
    packed = gzip.compress(b"abc")
    assert ask(speak([HEAD + b"Content-Encoding: gzip\r\n\r\n" + packed])) == b"abc"


@pytest.mark.parametrize("body", [b"x" * 1001, gzip.compress(b"x" * 10_000_000)])
def test_answer_that_is_too_long_is_refused(speak: Speak, body: bytes) -> None:
    encoding = b"Content-Encoding: gzip\r\n" if body[:1] != b"x" else b""
    with pytest.raises(RequestException, match="too long"):
        ask(speak([HEAD + encoding + b"\r\n" + body]))


def test_body_that_drips_is_left(speak: Speak) -> None:
    began = monotonic()
    with pytest.raises(RequestException):
        ask(speak([HEAD + b"\r\n", *[b"x"] * 500]))
    assert monotonic() - began < SOON


def test_head_that_drips_is_left(speak: Speak) -> None:
    address, began = speak([HEAD, *[b"X: y\r\n"] * 500]), monotonic()
    with pytest.raises(NoAnswerError, match=r"within 0\.3 seconds"):
        Askers(1, wait=0).ask(lambda: ask(address), SECONDS)
    assert monotonic() - began < SOON


def test_only_so_many_ask_at_once() -> None:
    askers, over = Askers(1, wait=1), Event()
    with pytest.raises(NoAnswerError, match="within"):
        askers.ask(over.wait, SECONDS)
    with pytest.raises(NoAnswerError, match="Too many"):
        askers.ask(lambda: 1, SECONDS)
    over.set()
    assert askers.ask(lambda: 1, SOON) == 1


def test_machine_without_threads_keeps_no_place(monkeypatch: pytest.MonkeyPatch) -> None:
    def start(_thread: Thread) -> None:
        raise RuntimeError("can't start new thread")

    askers = Askers(1, wait=0)
    with monkeypatch.context() as patch, pytest.raises(NoAnswerError, match="no thread"):
        patch.setattr(Thread, "start", start)
        askers.ask(lambda: 1, SOON)
    assert askers.ask(lambda: 1, SOON) == 1


def test_place_is_free_again_after_an_answer_or_an_error() -> None:
    askers = Askers(1, wait=SOON)
    assert askers.ask(lambda: 1, SOON) == 1
    with pytest.raises(ZeroDivisionError):
        askers.ask(lambda: 1 // 0, SOON)
    assert askers.ask(lambda: 2, SOON) == 2
