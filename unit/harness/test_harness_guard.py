"""The guard fails a test for each kind of problem, and only for those that the test does not allow."""

from collections.abc import Callable

import pytest

pytest_plugins = ["pytester"]

RunSuite = Callable[..., pytest.RunResult]

APP = """
import pytest
from flask import Flask, abort
from dashboard.testing.harness.served import Served

app = Flask("faulty")
ANSWERS = {
    "fine": lambda: "<link rel=icon href=data:,><h1>Fine</h1>",
    "missing": lambda: abort(404),
    "broken": lambda: 1 / 0,
    "strict": lambda: ("<p>", {"Content-Security-Policy": "default-src 'none'"}),
    "logged": lambda: app.logger.error("went wrong quietly") or "fine",
}
app.route("/<name>", endpoint="answer")(lambda name: ANSWERS[name]())

@pytest.fixture(scope="session")
def served():
    served = Served(app)
    yield served
    served.stop()

@pytest.fixture
def server_faults(served):
    return served.faults

@pytest.fixture(scope="session")
def base_url(served):
    return served.url

DO = {
    "console": lambda page: page.evaluate("console.error('a console line')"),
    "page_error": lambda page: page.evaluate(
        "new Promise(done => setTimeout(() => { setTimeout(done, 20); throw Error('a page error') }))"),
    "csp": lambda page: (page.goto("/strict"), page.evaluate(
        "document.body.setAttribute('style', 'color: red');"
        "document.body.append(Object.assign(document.createElement('script'), {text: '1'}))")),
    "request": lambda page: (page.route("**/image", lambda route: route.abort("connectionrefused")),
        page.evaluate("new Promise(done => { const i = new Image(); i.onerror = done; i.src = '/image' })")),
    "status": lambda page: page.goto("/missing"),
    "exception": lambda page: page.goto("/broken"),
    "exception_logged": lambda page: page.goto("/logged"),
}
KINDS = [*DO]

def do(kind, page):
    page.goto("/fine")
    DO[kind](page)
"""
KINDS = ["console", "page_error", "csp", "request", "status", "exception", "exception_logged"]


def test_every_kind_of_problem_fails_the_test(run_suite: RunSuite) -> None:
    tests = "@pytest.mark.parametrize('kind', KINDS)\ndef test_it(kind, page): do(kind, page)"
    result = run_suite({}, APP + tests)
    result.assert_outcomes(failed=len(KINDS))
    text = result.stdout.str()
    for line in (
        "console: a console line",
        "page_error: *a page error",
        "csp: *Content Security Policy",
        "request: GET *image failed: net::ERR_CONNECTION_REFUSED",
        "status: 404 GET *missing",
        "status: 500 GET *broken",
        "exception: ZeroDivisionError",
        "exception: went wrong quietly",
    ):
        result.stdout.fnmatch_lines([f"*{line}*"])
    assert "Failed to load resource" not in text


def test_a_page_in_a_second_context_is_watched_too(run_suite: RunSuite) -> None:
    tests = "def test_it(new_context): do('console', new_context().new_page())"
    result = run_suite({}, APP + tests)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*console: a console line*"])


def test_problem_while_the_page_closes_is_reported(run_suite: RunSuite) -> None:
    tests = """
def test_it(page, request):
    page.goto("/fine")
    request.addfinalizer(lambda: page.evaluate("console.error('late')"))
"""
    result = run_suite({}, APP + tests)
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*console: late*"])


def test_allowed_problem_does_not_fail_the_test(run_suite: RunSuite) -> None:
    tests = """
@pytest.mark.allow(status=404)
def test_status(page): do("status", page)
@pytest.mark.allow(status=500, exception="ZeroDivisionError")
def test_exception(page): do("exception", page)
@pytest.mark.allow(console="console line")
def test_console(page): do("console", page)
@pytest.mark.allow(csp="script")
@pytest.mark.allow(csp="style")
def test_csp(page): do("csp", page)
def test_at_run_time(page, guard):
    guard.allow(request="image")
    do("request", page)
"""
    run_suite({}, APP + tests).assert_outcomes(passed=5)


def test_allowance_covers_its_problem_only_and_must_be_used(run_suite: RunSuite) -> None:
    tests = """
@pytest.mark.allow(status=403)
def test_other_status(page): do("status", page)
@pytest.mark.allow(status=404)
def test_nothing_happens(page): page.goto("/fine")
"""
    result = run_suite({}, APP + tests)
    result.assert_outcomes(failed=1, passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["*_ ERROR at *test_nothing_happens*", "*allowed, but never happened: status*404*"]
    )
    result.stdout.fnmatch_lines(["*_ test_other_status*", "*status: 404 GET *missing*"])


def test_an_unknown_kind_of_allowance_is_refused(run_suite: RunSuite) -> None:
    tests = "@pytest.mark.allow(statuses=404)\ndef test_it(page): pass"
    result = run_suite({}, APP + tests)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*allow(statuses=…) is unknown; use one of console, csp,*"])


def test_problems_are_shown_beside_another_failure(run_suite: RunSuite) -> None:
    tests = "def test_it(page):\n    do('exception', page)\n    assert page.title() == 'other'"
    result = run_suite({}, APP + tests)
    result.stdout.fnmatch_lines(["*assert*other*", "*guard*", "*ZeroDivisionError*"])


def test_download_and_abandoned_page_are_not_failed_requests(run_suite: RunSuite) -> None:
    tests = """
def test_it(page):
    page.goto("/fine")
    with page.expect_download():
        page.evaluate("Object.assign(document.createElement('a'), {href: 'data:,x', download: 'x'}).click()")
    page.evaluate("fetch('/fine'); location = '/fine?again'")
    page.wait_for_url("**/fine?again")
"""
    run_suite({}, APP + tests).assert_outcomes(passed=1)
