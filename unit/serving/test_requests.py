"""The server itself refuses malformed requests, with the headers that every answer carries."""

import resource
import socket
import struct
from collections.abc import Callable, Iterator
from time import monotonic
from typing import Any

import pytest
from flask import Flask

from dashboard.bounds import BODY_BYTES
from dashboard.serving import bodies, server
from dashboard.serving.server import Server
from dashboard.web.security_headers import POLICIES
from unit.conftest import Csrf
from unit.serving.answers import headers, status, wait_until
from unit.serving.conftest import GET_LAST, HOST, Running, Serve, hello, rest_of

POST = b"POST /login HTTP/1.1\r\n" + HOST + b"Connection: close\r\n"
FORM = POST + b"Content-Type: application/x-www-form-urlencoded\r\n"
CHUNKED = FORM + b"Transfer-Encoding: chunked\r\n\r\n"

pytestmark = pytest.mark.usefixtures("hasty")


def assert_has_policies(answer: bytes) -> None:
    said = headers(answer)
    assert {name: said.get(name.lower()) for name in POLICIES} == POLICIES
    assert said["cache-control"] == "no-store"
    assert "server" not in said


def body_of(size: int) -> bytes:
    return b"Content-Length: %d\r\n\r\n" % size + b"x" * size


def chunks_of(size: int) -> bytes:
    return b"%x\r\n" % size + b"x" * size + b"\r\n0\r\n\r\n"


MALFORMED = {
    "no request": (b"hello\r\n\r\n", 400),
    "a bare line feed": (b"GET / HTTP/1.1\r\nHost: x\nX: y\r\n\r\n", 400),
    "a header without a name": (b"GET / HTTP/1.1\r\n: x\r\n\r\n", 400),
    "an invalid length": (POST + b"Content-Length: -1\r\n\r\n", 400),
    "two lengths": (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\nxx", 400),
    "an invalid chunk size": (CHUNKED + b"zz\r\n", 400),
    "a chunk longer than it says": (CHUNKED + b"1\r\nxx\r\n0\r\n\r\n", 400),
    "a bad chunk extension": (CHUNKED + b"1;\x01\r\nx\r\n0\r\n\r\n", 400),
    "an unknown encoding": (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
    "digits without end": (b"GET a://" + b"1" * 32_000 + b" X\r\nHost: x\r\n\r\n", 400),
    "blanks without end": (b"GET / HTTP/1.1\r\na:" + b" " * 32_000 + b"\0\r\n\r\n", 400),
    "blanks between words without end": (b"GET / HTTP/1.1\r\na:" + b" x" * 16_000 + b"\0\r\n\r\n", 400),
    "too many headers": (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 101 + b"\r\n", 400),
    "no version": (b"GET /login\r\nHost: x\r\n\r\n", 400),
    "an unknown version": (b"GET /login HTTP/9.9\r\nHost: x\r\n\r\n", 400),
    "half a bracket": (b"GET http://[ HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    "a line that goes on": (b"GET / HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", 400),
    "a length of thousands of digits": (POST + b"Content-Length: " + b"1" * 5000 + b"\r\n\r\n", 400),
    "a length and chunks": (CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Length: 3\r\n\r\n"), 400),
    "chunks of an old client": (CHUNKED.replace(b"HTTP/1.1", b"HTTP/1.0") + b"0\r\n\r\n", 400),
    "a chunk's line without end": (CHUNKED + b"1;a=" + b"a" * 20_000, 400),
    "trailers without end": (CHUNKED + b"0\r\nA: " + b"a" * 20_000, 400),
    "a body that nobody would send, after asking": (
        FORM + b"Expect: 100-continue\r\nContent-Length: 99999999\r\n\r\n",
        413,
    ),
    "an invalid length, after asking": (FORM + b"Expect: 100-continue\r\nContent-Length: x\r\n\r\n", 400),
    "a head that is too long": (b"GET / HTTP/1.1\r\nX: " + b"x" * server.HEAD_BYTES + b"\r\n\r\n", 431),
    "an address that is too long": (b"GET /" + b"x" * server.HEAD_BYTES + b" HTTP/1.1\r\n\r\n", 431),
    "a body that nobody would send": (FORM + b"Content-Length: %d\r\n\r\n" % (10**12), 413),
}


@pytest.mark.parametrize("what", MALFORMED)
def test_malformed_request_is_refused(serve: Serve, app: Flask, what: str) -> None:
    request, expected = MALFORMED[what]
    answer = serve(app).ask(request)
    assert status(answer) == expected
    assert_has_policies(answer)
    assert b"Traceback" not in answer
    assert b"waitress" not in answer.lower()


def test_application_error_is_a_plain_500(serve: Serve) -> None:
    def broken(_environ: Any, _start_response: Any) -> list[bytes]:
        raise ZeroDivisionError("secret")

    answer = serve(broken).ask()
    assert status(answer) == 500
    assert_has_policies(answer)
    assert b"secret" not in answer


@pytest.mark.parametrize(
    "request_of",
    [lambda size: FORM + body_of(size), lambda size: CHUNKED + chunks_of(size)],
    ids=["with a length", "in chunks"],
)
@pytest.mark.parametrize("size", [BODY_BYTES + 1, 5 * BODY_BYTES])
def test_body_over_the_limit_gets_the_413_page(
    serve: Serve, app: Flask, request_of: Callable[[int], bytes], size: int
) -> None:
    answer = serve(app).ask(request_of(size))
    assert status(answer) == 413
    assert b"The request is larger than this page accepts" in answer
    assert_has_policies(answer)


def echo(environ: Any, start_response: Any) -> list[bytes]:
    """An application that answers with the body it got."""
    start_response("200 OK", [])
    return [environ["wsgi.input"].read()]


@pytest.mark.parametrize("size", [0, 1, bodies.SMALL_BYTES, bodies.SMALL_BYTES + 1, BODY_BYTES])
def test_body_arrives_whole(serve: Serve, size: int) -> None:
    running = serve(echo)
    expected = b"\r\n\r\n" + b"x" * size
    assert running.ask(POST + body_of(size)).endswith(expected)
    if size:
        assert running.ask(CHUNKED + chunks_of(size)).endswith(expected)


def test_chunked_form_is_read(serve: Serve, app: Flask, csrf: Csrf) -> None:
    client = app.test_client()
    form = b"email=x&password=y&csrf_token=" + csrf(client).encode()
    cookie = client.get_cookie("session")
    assert cookie is not None
    head = CHUNKED.replace(b"\r\n\r\n", b"\r\nCookie: session=" + cookie.value.encode() + b"\r\n\r\n")
    answer = serve(app).ask(head + b"%x\r\n" % len(form) + form + b"\r\n0\r\n\r\n")
    assert (status(answer), b"Invalid email or password" in answer) == (200, True)


@pytest.fixture
def little_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """There is room for one large body."""
    monkeypatch.setattr(bodies, "LARGE_BODIES_BYTES", 150_000)


def test_large_bodies_share_a_memory_budget(serve: Serve, app: Flask, little_memory: None) -> None:
    running = serve(app)
    running.server.budget = bodies.Budget(150_000)
    half = running.connect(FORM + b"Content-Length: 200000\r\n\r\n" + b"x" * 120_000)
    wait_until(lambda: not running.server.budget.take(31_000) or running.server.budget.give_back(31_000))
    refused = running.ask(FORM + body_of(100_000))
    assert (status(refused), headers(refused)["retry-after"]) == (503, "5")
    assert status(running.ask(FORM + body_of(1000))) == 400  # taken, and has no token
    half.close()
    wait_until(lambda: running.server.budget.take(150_000))
    running.server.budget.give_back(150_000)
    assert status(running.ask(FORM + body_of(100_000))) == 400
    assert running.server.budget.take(150_000), "what was answered was not given back"


def test_pipelined_requests_are_answered_in_order(serve: Serve) -> None:
    running = serve(echo)
    requests = b"".join(
        b"POST / HTTP/1.1\r\n" + HOST + b"Content-Length: 1\r\n\r\n%d" % number for number in range(5)
    )
    with running.connect(requests, GET_LAST) as client:
        answers = rest_of(client)
    assert [part[:1] for part in answers.split(b"\r\n\r\n")[1:6]] == [b"0", b"1", b"2", b"3", b"4"]


def test_head_request_has_no_body(serve: Serve, app: Flask) -> None:
    answer = serve(app).ask(b"HEAD /login HTTP/1.1\r\n" + HOST + b"Connection: close\r\n\r\n")
    assert status(answer) == 200
    assert answer.endswith(b"\r\n\r\n")


def test_expecting_client_is_told_to_continue(serve: Serve) -> None:
    running: Running = serve(echo)
    with running.connect(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n") as client:
        assert client.recv(65536) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"ok")
        assert rest_of(client).endswith(b"ok")


def test_plain_request_is_answered(serve: Serve) -> None:
    assert serve(hello).ask().endswith(b"hello")


def test_client_that_resets_disturbs_no_other(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    running = serve(echo)
    for _ in range(20):
        client = running.connect(POST + b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n")
        # Closing with this option sends a reset, and the answer to the question then meets a closed socket.
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        client.close()
    assert running.ask(POST + body_of(2)).endswith(b"xx")
    assert caplog.records == []


def test_error_in_the_middle_of_an_answer_is_logged(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    def failing(_environ: Any, start_response: Any) -> Iterator[bytes]:
        start_response("200 OK", [])
        yield b"begun"
        raise FileNotFoundError("the rest")

    answer = serve(failing).ask()
    assert b"begun" in answer
    assert not answer.endswith(b"0\r\n\r\n")  # the client can tell that something is missing
    wait_until(lambda: "FileNotFoundError" in caplog.text)


def test_refused_body_takes_no_memory(serve: Serve) -> None:
    running = serve(echo)
    running.server.budget = bodies.Budget(BODY_BYTES)
    half = running.connect(POST + b"Content-Length: 9000000\r\n\r\n" + b"x" * (BODY_BYTES + 1))
    wait_until(lambda: running.server.budget.take(BODY_BYTES))
    half.close()


@pytest.mark.parametrize("length", [b"", b"Content-Length: 0\r\n"])
def test_expectation_without_a_body_is_answered(serve: Serve, length: bytes) -> None:
    answer = serve(echo).ask(POST + length + b"Expect: 100-continue\r\n\r\n")
    assert status(answer) == 200


def test_new_connection_gets_no_events_of_a_dropped_one() -> None:
    """The system gives the number of a file that was closed to the next one."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(64)
    address = listener.getsockname()
    stepped = Server(hello, listener, POLICIES, threads=1)
    for _ in range(10):
        with socket.create_connection(address, 5) as old:
            old.sendall(b"GET /")
            stepped.turn(0.05)
            stepped.turn(0.05)
            (channel,) = stepped.channels
            channel.is_overdue(monotonic())
            channel.waits_since -= 1000
            with socket.create_connection(address, 5) as new:
                new.sendall(GET_LAST)
                stepped._next_look = 0
                for _ in range(6):
                    stepped.turn(0.05)
                assert rest_of(new).endswith(b"hello")
    stepped.stop(5)


@pytest.mark.parametrize(("hard", "connections"), [(128, 64), (256, 128), (1024, 768), (100_000, 4096)])
def test_connections_leave_files_for_other_uses(
    monkeypatch: pytest.MonkeyPatch, hard: int, connections: int
) -> None:
    monkeypatch.setattr(resource, "getrlimit", lambda _which: (64, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda _which, _limits: None)
    assert server.most_connections() == connections
