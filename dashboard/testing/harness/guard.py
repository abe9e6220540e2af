"""Fails a test for faults in the browser and in the server that it does not allow."""

import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

KINDS = ("console", "csp", "page_error", "request", "status", "exception")
# Chromium logs a line for every failed resource; the guard looks at the status instead.
FAILED_RESOURCE = "Failed to load resource:"
# The failure of a request that the browser cancelled: the page was left, or it is a download.
GIVEN_UP = "net::ERR_ABORTED"
GUARD = pytest.StashKey["Guard"]()


@dataclass(frozen=True)
class Problem:
    """One thing that went wrong."""

    kind: str
    text: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.text}"


@dataclass
class Allowance:
    """A problem that a test expects: a status, or a pattern found in the text of the problem."""

    kind: str
    pattern: str
    used: bool = False

    def covers(self, problem: Problem) -> bool:
        """Whether it allows this problem; if so, note that it was used."""
        covered = problem.kind == self.kind and re.search(self.pattern, problem.text) is not None
        self.used = self.used or covered
        return covered


@dataclass
class Guard:
    """Collects the problems of one test; `verify` fails it if any is not allowed."""

    server_faults: list[str]
    problems: list[Problem] = field(default_factory=list)
    allowances: list[Allowance] = field(default_factory=list)

    def allow(self, **expected: Any) -> None:
        """Expect problems, by kind: `status=403`, `console="pattern"`, `exception="ValueError"` …"""
        for kind, pattern in expected.items():
            if kind not in KINDS:
                raise pytest.UsageError(f"allow({kind}=…) is unknown; use one of {', '.join(KINDS)}")
            text = rf"^{pattern} " if kind == "status" else str(pattern)
            self.allowances.append(Allowance(kind, text))

    def watch(self, context: BrowserContext) -> None:
        """Listen to every page that the context has or will have."""
        context.on("console", self._on_console)
        context.on("weberror", self._on_page_error)
        context.on("requestfailed", self._on_failed_request)
        context.on("response", self._on_response)

    def take(self) -> list[Problem]:
        """Return the problems that are not allowed, and clear all."""
        # An unhandled exception is both signalled and logged, and is one problem.
        faults = [Problem("exception", text) for text in dict.fromkeys(self.server_faults)]
        self.server_faults.clear()
        found, self.problems = self.problems + faults, []
        return [problem for problem in found if not self._allowed(problem)]

    def verify(self) -> None:
        """Fail the test with a line for every problem that it does not allow."""
        if problems := self.take():
            pytest.fail("\n".join(str(problem) for problem in problems), pytrace=False)

    def verify_allowances(self) -> None:
        """Fail the test for an allowance that nothing used: it would hide the next fault."""
        unused = [f"{each.kind} {each.pattern!r}" for each in self.allowances if not each.used]
        if unused:
            pytest.fail(f"allowed, but never happened: {', '.join(unused)}", pytrace=False)

    def _allowed(self, problem: Problem) -> bool:
        # A list, not any(): every allowance has to note its use.
        return True in [allowance.covers(problem) for allowance in self.allowances]

    def _add(self, kind: str, text: str) -> None:
        self.problems.append(Problem(kind, text))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(FAILED_RESOURCE):
            self._add("csp" if "Content Security Policy" in message.text else "console", message.text)

    def _on_page_error(self, error: WebError) -> None:
        self._add("page_error", str(error.error))

    def _on_failed_request(self, request: Request) -> None:
        if request.failure != GIVEN_UP:
            self._add("request", f"{request.method} {request.url} failed: {request.failure}")

    def _on_response(self, response: Response) -> None:
        if response.status >= HTTPStatus.BAD_REQUEST:
            self._add("status", f"{response.status} {response.request.method} {response.url}")


@pytest.fixture(autouse=True)
def guard(request: pytest.FixtureRequest, server_faults: list[str]) -> Iterator[Guard]:
    """The guard of this test; it also sees problems that occur while the contexts close."""
    server_faults.clear()
    guard = request.node.stash[GUARD] = Guard(server_faults)
    for marker in request.node.iter_markers("allow"):
        guard.allow(**marker.kwargs)
    yield guard
    guard.verify()
    if getattr(request.node, "rep_call", None) and request.node.rep_call.passed:
        guard.verify_allowances()


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark `allow`."""
    config.addinivalue_line("markers", f"allow({'=…, '.join(KINDS)}=…): problems that the test expects")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Fail the test itself, not its teardown; show the problems beside any other failure."""
    guard = item.stash.get(GUARD, None)
    try:
        yield
    except BaseException:
        if guard and (problems := guard.take()):
            item.add_report_section("call", "guard", "\n".join(str(problem) for problem in problems))
        raise
    if guard:
        guard.verify()
