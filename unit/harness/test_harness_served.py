"""The server of the browser suite."""

import socket
import struct
from threading import Event

from flask import Flask, Response

from dashboard.testing.harness.served import Served

RESET_AT_ONCE = struct.pack("ii", 1, 0)


def test_answer_is_closed_if_the_browser_hangs_up() -> None:
    app, closed = Flask(__name__), Event()

    @app.get("/")
    def short() -> Response:
        answer = Response("short")
        answer.call_on_close(closed.set)
        return answer

    served = Served(app)
    try:
        with socket.create_connection(("127.0.0.1", served.http.server_port)) as browser:
            browser.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET_AT_ONCE)
            browser.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            while not browser.recv(1000).endswith(b"short"):
                pass
        assert closed.wait(5)
    finally:
        served.stop()


def test_waiting_for_idle_lasts_until_every_request_is_answered() -> None:
    app, begun, may_end = Flask(__name__), Event(), Event()

    @app.get("/")
    def long() -> str:
        begun.set()
        may_end.wait(5)
        return "long"

    served = Served(app)
    try:
        with socket.create_connection(("127.0.0.1", served.http.server_port)) as browser:
            browser.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
            assert begun.wait(5)
            served.wait_until_idle(0.01)
            assert served.in_flight.number == 1
            may_end.set()
            served.wait_until_idle()
            assert served.in_flight.number == 0
    finally:
        served.stop()
