"""Serves a Flask application from a thread of this process, on a port of its own."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from threading import Condition, Thread
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask, got_request_exception
from werkzeug.serving import WSGIRequestHandler, make_server

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class QuietHandler(WSGIRequestHandler):
    """Handles requests without logging them."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Log nothing: thousands of lines would hide the report of a failure."""


class InFlight:
    """Counts the requests that are being answered."""

    def __init__(self) -> None:
        self.number = 0
        self.changed = Condition()

    def add(self, number: int) -> None:
        """Count a request that begins (1) or ends (-1)."""
        with self.changed:
            self.number += number
            self.changed.notify_all()


def closing_app(app: WSGIApplication, in_flight: InFlight) -> WSGIApplication:
    """Return `app` with answers that are counted, and closed at the end.

    Werkzeug's server does not close an answer if the browser hangs up, and its file would stay open.
    """

    def answer(environ: WSGIEnvironment, start_response: StartResponse) -> Iterator[bytes]:
        in_flight.add(1)
        try:
            pieces = app(environ, start_response)
            try:
                yield from pieces
            finally:
                if close := getattr(pieces, "close", None):
                    close()
        finally:
            in_flight.add(-1)

    return answer


class Served:
    """An application while it is served; `faults` lists what went wrong inside it."""

    def __init__(self, app: Flask, faults: list[str] | None = None) -> None:
        self.app = app
        self.faults: list[str] = [] if faults is None else faults
        self.in_flight = InFlight()
        counted = closing_app(app, self.in_flight)
        # It listens now, before the thread runs, so that no client has to wait for the start.
        self.http = make_server("127.0.0.1", 0, counted, threaded=True, request_handler=QuietHandler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        self.thread = Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        got_request_exception.connect(self._on_exception, app)
        self.log = FaultLog(self.faults)
        app.logger.addHandler(self.log)
        self.thread.start()

    def wait_until_idle(self, seconds: float = 5.0) -> None:
        """Wait until every request is answered, even those of closed pages, for at most `seconds`."""
        with self.in_flight.changed:
            self.in_flight.changed.wait_for(lambda: self.in_flight.number == 0, seconds)

    def stop(self) -> None:
        """Stop serving."""
        self.http.shutdown()
        self.http.server_close()
        self.thread.join()
        got_request_exception.disconnect(self._on_exception, self.app)
        self.app.logger.removeHandler(self.log)

    def _on_exception(self, _app: Flask, exception: BaseException, **_: Any) -> None:
        self.faults.append(repr(exception))


class FaultLog(logging.Handler):
    """Collects errors that the application caught, logged and answered with an error page."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.faults = faults

    def emit(self, record: logging.LogRecord) -> None:
        """Add the exception of a record, or its message if it has no exception."""
        error = record.exc_info[1] if record.exc_info else None
        self.faults.append(repr(error) if error else record.getMessage())


@pytest.fixture(scope="session")
def app() -> Flask | None:
    """The application under test; None unless a conftest replaces this fixture."""
    return None


@pytest.fixture(scope="session")
def server_faults() -> list[str]:
    """The list to which the served application adds its faults, and which the guard reads."""
    return []


@pytest.fixture(scope="session")
def server(app: Flask | None, server_faults: list[str]) -> Iterator[Served]:
    """`app`, served while the tests run: `url`, `app`, `faults`."""
    if app is None:
        pytest.fail("There is no application to serve: define the fixture `app`.", pytrace=False)
    served = Served(app, server_faults)
    yield served
    served.stop()
