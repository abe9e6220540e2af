"""Line 7: a service for breaches learns 5 digits of a hash, and refuses nobody where it fails."""

from collections.abc import Iterator
from hashlib import sha1
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any

import pytest

from dashboard.accounts import breaches
from dashboard.accounts.breaches import AT_ONCE
from dashboard.accounts.password_policy import BREACHED
from dashboard.testing.accounts import NEW_PASSWORD, PASSWORD
from dashboard.testing.ports import free_port
from unit.conftest import MakeApp, Submit
from unit.security.passwords import refusal, registers
from unit.serving.answers import wait_until

DIGEST = sha1(PASSWORD.encode()).hexdigest().upper()
OTHERS = "0018A45C4D1DEF81644B54AB7F969B88D65:1\r\n00D4F6E8FA6EECAD2A3AA415EEC418D38EC:2\r\n"

pytestmark = pytest.mark.security(7)


class Service(ThreadingHTTPServer):
    """A service on this machine that answers as told, and notes what it was asked."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body: bytes = OTHERS.encode()
        self.status = 200
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.may_answer = Event()
        self.may_answer.set()

    @property
    def address(self) -> str:
        """The address for the setting."""
        return f"http://127.0.0.1:{self.server_port}/range/"


class Handler(BaseHTTPRequestHandler):
    """Answers for `Service`."""

    server: Service

    def do_GET(self) -> None:
        """Note the request, and answer."""
        self.server.asked.append((self.path, dict(self.headers)))
        self.server.may_answer.wait()
        self.send_response(self.server.status)
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *_said: Any) -> None:
        """Stay silent."""


@pytest.fixture
def service() -> Iterator[Service]:
    """Return a running service."""
    server = Service()
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield server
    server.may_answer.set()
    server.shutdown()
    server.server_close()


def told(service: Service, count: int = 3) -> None:
    """Let the service know the password."""
    service.body = f"{OTHERS}{DIGEST[5:]}:{count}\r\n".encode()


def test_known_password_is_refused(make_app: MakeApp, submit: Submit, service: Service) -> None:
    told(service)
    client = make_app(breach_check=service.address).test_client()
    assert refusal(submit, client, PASSWORD) == BREACHED


def test_only_five_digits_of_the_hash_leave_the_console(
    make_app: MakeApp, submit: Submit, service: Service
) -> None:
    assert registers(submit, make_app(breach_check=service.address).test_client(), PASSWORD)
    ((path, headers),) = service.asked
    assert path == f"/range/{DIGEST[:5]}"
    assert headers["Add-Padding"] == "true"
    assert PASSWORD not in str(headers)
    assert DIGEST[5:] not in str(headers)


def test_line_of_padding_refuses_nobody(make_app: MakeApp, submit: Submit, service: Service) -> None:
    told(service, count=0)
    assert registers(submit, make_app(breach_check=service.address).test_client(), PASSWORD)


def test_nothing_is_asked_without_the_setting(make_app: MakeApp, submit: Submit, service: Service) -> None:
    told(service)
    assert registers(submit, make_app().test_client(), PASSWORD)
    assert not service.asked


def test_password_that_is_refused_anyway_is_not_asked_about(
    make_app: MakeApp, submit: Submit, service: Service
) -> None:
    client = make_app(breach_check=service.address).test_client()
    assert "too common" in str(refusal(submit, client, "password"))
    assert not service.asked


@pytest.mark.parametrize(
    ("status", "body"),
    [(500, b"no"), (404, b""), (200, b"\xff\xfe"), (200, b"<html>"), (200, b"A" * 300_000)],
)
def test_wrong_answer_accepts_the_password(
    make_app: MakeApp, submit: Submit, service: Service, status: int, body: bytes
) -> None:
    service.status, service.body = status, body
    assert registers(submit, make_app(breach_check=service.address).test_client(), PASSWORD)
    assert service.asked


def test_silent_service_accepts_the_password_after_a_short_time(
    make_app: MakeApp, submit: Submit, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    told(service)
    service.may_answer.clear()
    monkeypatch.setattr(breaches, "SECONDS", 0.2)
    assert registers(submit, make_app(breach_check=service.address).test_client(), PASSWORD)


def test_absent_service_accepts_the_password_and_is_logged_without_it(
    make_app: MakeApp, submit: Submit, caplog: pytest.LogCaptureFixture
) -> None:
    client = make_app(breach_check=f"http://127.0.0.1:{free_port()}").test_client()
    assert registers(submit, client, NEW_PASSWORD)
    assert "The breach check did not answer: ConnectionError" in caplog.text
    assert NEW_PASSWORD not in caplog.text


def test_slow_service_holds_up_few_requests(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    told(service)
    service.may_answer.clear()
    monkeypatch.setattr(breaches, "SECONDS", 60)
    crowd = [Thread(target=breaches.is_breached, args=(PASSWORD, service.address)) for _ in range(AT_ONCE)]
    for each in crowd:
        each.start()
    wait_until(lambda: len(service.asked) == AT_ONCE)
    assert not breaches.is_breached(PASSWORD, service.address)
    service.may_answer.set()
    for each in crowd:
        each.join()
    assert len(service.asked) == AT_ONCE
    assert breaches.is_breached(PASSWORD, service.address)
