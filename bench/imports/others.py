"""How long another user waits for lists and edits while a file is imported, from a server as it is served."""

from __future__ import annotations

import http.client
import time
from collections.abc import Callable
from contextlib import ExitStack
from http import HTTPStatus
from pathlib import Path
from statistics import quantiles
from typing import Self
from urllib.parse import urlencode

from werkzeug.datastructures import Headers

from bench import changes, ours, start
from bench.console import kept
from bench.imports.importing import Importing
from bench.imports.steps import DURING, EDIT, LIST, QUIET
from bench.pages import PAGE_SIZE
from dashboard.config import Settings
from dashboard.jobs.models import State
from dashboard.testing.ports import free_port

PERIOD_SECONDS = 0.1
QUIET_SECONDS = 5.0
FORM = "application/x-www-form-urlencoded"

Waits = dict[str, list[float]]
"""The milliseconds of each answer, by what was asked for."""


class Others:
    """A server with its worker of jobs, and a user who lists products and edits the first ``there``."""

    def __init__(self, importing: Importing, settings: Settings, there: int) -> None:
        self.importing, self.settings, self.there = importing, settings, there
        self.edits, self.refused, self.stack, self.port = 0, 0, ExitStack(), free_port()
        with importing.app.app_context():
            self.headers = {"Cookie": ours.session_cookie(importing.app)}

    def __enter__(self) -> Self:
        environment = {
            "DASHBOARD_DATABASE_URL": self.settings.database_url,
            "DASHBOARD_INSTANCE": str(self.settings.instance),
            "DASHBOARD_SECRET_KEY": self.settings.secret_key,
            "DASHBOARD_IMPORT_MAX_BYTES": str(self.settings.import_limits.bytes),
            "DASHBOARD_IMPORT_MAX_ROWS": str(self.settings.import_limits.rows),
        }
        self.stack.enter_context(start.serving(self.port, environment))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=start.PATIENCE_SECONDS)
        self.stack.callback(self.connection.close)
        return self

    def __exit__(self, *_: object) -> None:
        self.stack.close()

    def waits(self, given: Path) -> dict[str, float]:
        """The milliseconds that 19 of 20 answers stay below, without an import and during one."""
        ends = time.monotonic() + QUIET_SECONDS
        quiet = self._asked_until(lambda: time.monotonic() > ends)
        importing = self.importing
        check = importing.upload(given)
        importing.ask_for_check(check)
        self._wait_until(lambda: importing.state(check).is_over)
        job = importing.ask(check)
        self._wait_until(lambda: importing.state(job) is not State.WAITING)
        during = self._asked_until(lambda: importing.state(job).is_over)
        importing.expect_done(job)
        found = {QUIET: quiet, DURING: during}
        return {
            f"{what}, {when}": below(waits[what]) for what in (LIST, EDIT) for when, waits in found.items()
        }

    def _asked_until(self, is_over: Callable[[], bool]) -> Waits:
        found: Waits = {LIST: [], EDIT: []}
        while True:
            begun = time.monotonic()
            found[LIST].append(self._get_list())
            found[EDIT].append(self._edit())
            if is_over():
                return found
            time.sleep(max(0.0, begun + PERIOD_SECONDS - time.monotonic()))

    def _wait_until(self, is_so: Callable[[], bool]) -> None:
        while not is_so():
            time.sleep(PERIOD_SECONDS / 10)

    def _get_list(self) -> float:
        return self._answer("GET", f"/admin/products/?size={PAGE_SIZE}", expected=200)[0]

    def _edit(self) -> float:
        number, self.edits = self.edits % self.there + 1, self.edits + 1
        address = f"/admin/products/edit/?id={number}"
        _, page = self._answer("GET", address, expected=200)
        form = {**changes.form_of(self.importing.app, number), "price": str(self.edits % 900 + 1)}
        form |= dict(changes.TOKEN.findall(page))
        return self._answer("POST", address, urlencode(form), expected=changes.SAVED)[0]

    def _answer(self, method: str, address: str, body: str = "", *, expected: int) -> tuple[float, str]:
        """The milliseconds of an answer, and its text; counts it where the database was busy for too long.

        Raises RuntimeError for any other answer than is expected.
        """
        headers = {**self.headers, **({"Content-Type": FORM} if body else {})}
        begun = time.perf_counter()
        self.connection.request(method, address, body or None, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        taken = 1000 * (time.perf_counter() - begun)
        self.headers = kept(self.headers, Headers(answer.getheaders()))
        if answer.status == HTTPStatus.SERVICE_UNAVAILABLE:
            self.refused += 1
        elif answer.status != expected:
            raise RuntimeError(f"{method} {address} was answered by {answer.status}")
        return taken, text


def below(found: list[float]) -> float:
    """The figure that 19 of 20 stay below; of very few, the largest."""
    return quantiles(found, n=20)[-1] if len(found) >= 20 else max(found)
