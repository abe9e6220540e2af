"""Many who log in, or wait, at the same moment: all get in, and those who read do not wait for them."""

import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from threading import Barrier, Event
from time import monotonic
from urllib.parse import urlencode, urlsplit

import pytest

from dashboard.testing.accounts import PASSWORD
from dashboard.testing.ports import free_port
from unit.cli.conftest import Run, Start, address_of, get

EMAIL = "kim@example.test"
TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
PATIENCE_SECONDS = 60
SLOWEST_SECONDS = 10
"""Only what hangs takes that long; how quick lists stay is measured, not tested."""


class Browser:
    """One connection to a server, and the cookie it was given."""

    def __init__(self, address: str) -> None:
        parts = urlsplit(address)
        self.connection = HTTPConnection(str(parts.hostname), parts.port, timeout=PATIENCE_SECONDS)
        self.cookie = ""

    def ask(self, method: str, path: str, **fields: str) -> tuple[int, str]:
        """The status and the text of an answer."""
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request(method, path, urlencode(fields) or None, headers)
        answer = self.connection.getresponse()
        for cookie in answer.headers.get_all("Set-Cookie", []):
            if cookie.startswith("session="):
                self.cookie = cookie.partition(";")[0]
        return answer.status, answer.read().decode()

    def open_login(self) -> dict[str, str]:
        """The fields of the form, filled in."""
        found = TOKEN.search(self.ask("GET", "/login")[1])
        assert found
        return {"csrf_token": found[1], "email": EMAIL, "password": PASSWORD}


@pytest.fixture
def address(start: Start, run: Run) -> Iterator[str]:
    """A console with one account, which may log in as often as it likes."""
    arguments = ("users", "create", EMAIL, "--role", "viewer", "--password-stdin")
    assert run(*arguments, stdin=f"{PASSWORD}\n").exit_code == 0
    found = address_of(start("serve", "--port", str(free_port())))
    get(f"{found}/healthz")
    yield found


def log_in_together(address: str, number: int) -> list[int]:
    """The statuses that so many logins at the same moment end with."""
    browsers = [Browser(address) for _ in range(number)]
    forms = [browser.open_login() for browser in browsers]
    together = Barrier(number)

    def log_in(browser: Browser, form: dict[str, str]) -> int:
        together.wait(PATIENCE_SECONDS)
        status = browser.ask("POST", "/login", **form)[0]
        browser.connection.close()
        return status

    with ThreadPoolExecutor(number) as pool:
        return [*pool.map(log_in, browsers, forms)]


def test_sixteen_simultaneous_logins_succeed(address: str) -> None:
    assert log_in_together(address, 16) == [303] * 16


def test_lists_load_while_64_users_log_in(address: str) -> None:
    reader = Browser(address)
    reader.ask("POST", "/login", **reader.open_login())
    ends, seconds = Event(), []

    def read_lists() -> None:
        while not ends.is_set():
            begun = monotonic()
            assert reader.ask("GET", "/admin/products/")[0] == 200
            seconds.append(monotonic() - begun)

    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(read_lists)
        try:
            statuses = log_in_together(address, 64)
        finally:
            ends.set()
        reading.result(PATIENCE_SECONDS)
    reader.connection.close()
    assert set(statuses) <= {303, 503}
    assert statuses.count(303) >= 16
    assert max(seconds) < SLOWEST_SECONDS


def test_pages_load_while_all_changes_wait_for_a_lock(address: str, instance: Path) -> None:
    browsers = [Browser(address) for _ in range(20)]
    forms = [browser.open_login() for browser in browsers]
    with (
        closing(sqlite3.connect(instance / "dashboard.sqlite3", isolation_level=None)) as writer,
        ThreadPoolExecutor(20) as pool,
    ):
        writer.execute("BEGIN IMMEDIATE")
        waiting = [
            pool.submit(browser.ask, "POST", "/login", **form)
            for browser, form in zip(browsers, forms, strict=True)
        ]
        pages = 0
        while not all(answer.done() for answer in waiting):
            assert get(f"{address}/login")[0] == 200
            pages += 1
        writer.execute("ROLLBACK")
    assert {answer.result()[0] for answer in waiting} == {503}
    assert pages > 20  # in the 5 s that the changes waited
    for browser in browsers:
        browser.connection.close()
