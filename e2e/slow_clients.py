"""Slow clients beside one that reads pages: `python -m e2e.slow_clients` runs 500 of each kind.

Each kind of slowness is tried by itself and then all together, against `dashboard serve`.
The other pages have to stay quick: 19 of 20 within half a second, or within three times the time that they
take without slow clients.
"""

from __future__ import annotations

import socket
import sys
import tempfile
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Thread
from time import monotonic
from urllib.parse import urlsplit

from dashboard.testing.harness.web_server import WebServer

ROOT = Path(__file__).parent.parent
SLOWEST_SECONDS = 0.5
TIMES_QUIET = 3
QUIET_PAGES = 100
PAUSE_SECONDS = 0.02
PATIENCE_SECONDS = 20
FORM = "POST /login HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/x-www-form-urlencoded\r\n"
PAGE = "GET /login HTTP/1.1\r\nHost: {host}\r\n"
BEGINNINGS = {
    "half heads": PAGE + "X-Slow: ",
    "half bodies": FORM + "Content-Length: 5000\r\n\r\nemail=",
    "half chunks": FORM + "Transfer-Encoding: chunked\r\n\r\n400\r\nemail=",
    "unread answers": (PAGE + "\r\n") * 2,
    "idle connections": "",
}
"""The first bytes that each kind of client sends; unfinished ones send one more byte every second."""
FINISHED = ("unread answers", "idle connections")


class Clients:
    """Slow clients of some kinds, connected to `address`."""

    def __init__(self, address: str, kinds: list[str], number: int) -> None:
        self.host = urlsplit(address).netloc
        self.sockets = [(kind, self._connect(kind)) for _ in range(number) for kind in kinds]

    def _connect(self, kind: str) -> socket.socket:
        name, port = self.host.split(":")
        client = socket.socket()
        if kind == "unread answers":
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
        client.settimeout(PATIENCE_SECONDS)
        client.connect((name, int(port)))
        client.sendall(BEGINNINGS[kind].format(host=self.host).encode())
        return client

    def trickle(self) -> None:
        """Send one more byte where the server expects some; it may have closed the connection."""
        for kind, client in self.sockets:
            if kind not in FINISHED:
                with suppress(OSError):
                    client.send(b"x")

    def close(self) -> None:
        """Close all connections."""
        for _, client in self.sockets:
            client.close()


@contextmanager
def slow_clients(address: str, kinds: list[str], number: int) -> Iterator[None]:
    """Run `number` slow clients of each of `kinds` during the block."""
    clients, ends = Clients(address, kinds, number), Event()

    def trickle() -> None:
        while not ends.wait(1):
            clients.trickle()

    thread = Thread(target=trickle)
    thread.start()
    try:
        yield
    finally:
        ends.set()
        thread.join()
        clients.close()


def page_seconds(address: str) -> float:
    """Return the seconds that a page takes on a new connection; raises AssertionError unless it is 200."""
    parts = urlsplit(address)
    begun = monotonic()
    with socket.create_connection((parts.hostname, parts.port), PATIENCE_SECONDS) as client:
        client.sendall(f"{PAGE}Connection: close\r\n\r\n".format(host=parts.netloc).encode())
        answer = b""
        while piece := client.recv(65536):
            answer += piece
    assert answer.startswith(b"HTTP/1.1 200 "), answer[:100]
    return monotonic() - begun


def pages_for(address: str, seconds: float) -> list[float]:
    """Return the seconds that each page takes, one after the other, for `seconds`."""
    ends, found = monotonic() + seconds, []
    while monotonic() < ends:
        found.append(page_seconds(address))
        Event().wait(PAUSE_SECONDS)
    return found


def percentile_95(found: list[float]) -> float:
    """Return the time that 19 of 20 do not exceed."""
    return sorted(found)[int(len(found) * 0.95)]


def bound(address: str) -> float:
    """Return the time that pages may take beside slow clients, in seconds."""
    quiet = percentile_95([page_seconds(address) for _ in range(QUIET_PAGES)])
    return max(SLOWEST_SECONDS, TIMES_QUIET * quiet)


def main() -> None:
    """Run every kind, and exit with 1 if pages were slow."""
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, default=500, help="of each kind")
    parser.add_argument("--seconds", type=float, default=30, help="for each kind")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as instance, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        settings = {
            "command": f"{sys.executable} -m dashboard serve --port {port}",
            "url": f"http://127.0.0.1:{port}",
            "env": {"DASHBOARD_INSTANCE": instance},
            "timeout": 20_000,
        }
        with WebServer(settings, ROOT) as server:
            slow = [kinds for kinds in every_kind() if not is_quick(server.url, kinds, options)]
    raise SystemExit(bool(slow))


def every_kind() -> list[list[str]]:
    """Return each kind by itself, then all together."""
    return [*([kind] for kind in BEGINNINGS), list(BEGINNINGS)]


def is_quick(address: str, kinds: list[str], options: object) -> bool:
    """Whether pages stay quick beside slow clients of these kinds; prints the figures."""
    number, seconds = vars(options)["clients"], vars(options)["seconds"]
    most = bound(address)
    with slow_clients(address, kinds, number):
        found = pages_for(address, seconds)
    half, most_of_them = sorted(found)[len(found) // 2], percentile_95(found)
    name = kinds[0] if len(kinds) == 1 else "all of them"
    print(  # noqa: T201 - the result
        f"{number} {name}: half of {len(found)} pages within {half * 1000:.0f} ms, "
        f"19 of 20 within {most_of_them * 1000:.0f} ms (at most {most * 1000:.0f})"
    )
    return most_of_them <= most


if __name__ == "__main__":
    main()
