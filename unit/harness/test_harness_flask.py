"""The harness in an empty project, made of the blocks of its README: an error fails its own test only."""

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dashboard.testing.harness.web_server import free_port

pytest_plugins = ["pytester"]

RunPytest = Callable[..., pytest.RunResult]
ROOT = Path(__file__).resolve().parents[2]
HARNESS = ROOT / "dashboard/testing/harness"
README = HARNESS.joinpath("README.md").read_text(encoding="utf-8")
FILES = dict(re.findall(r"^```python\n# (\S+)\n(.*?)^```$", README, re.M | re.S))
ENTRY = ("-p", "dashboard.testing.harness.entry")  # as pytest takes it from an installation
ERRORS = """

@app.get("/script")
def script() -> str:
    return hello().replace("<main>", "<main><script>missing()</script>")


@app.get("/console")
def console() -> str:
    return hello().replace("<main>", "<main><script>console.error('went wrong')</script>")


@app.get("/exception")
def exception() -> str:
    raise ValueError("went wrong")
"""
TESTS = """
import pytest

def test_before(page):
    page.goto("/")

@pytest.mark.parametrize("path", ["script", "console", "exception"])
def test_planted(page, path):
    page.goto(path)

def test_after(page):
    page.goto("/")
"""


@pytest.fixture
def project(pytester: pytest.Pytester) -> Path:
    """A folder with the files that the README shows, and nothing else."""
    for name, text in FILES.items():
        pytester.path.joinpath(name).write_text(text, encoding="utf-8")
    return pytester.path


@pytest.fixture
def planted(project: Path) -> Path:
    """The same project with pages that go wrong, each with a test that looks at nothing of it."""
    with project.joinpath("app.py").open("a", encoding="utf-8") as app:
        app.write(ERRORS)
    project.joinpath("test_pages.py").write_text(TESTS, encoding="utf-8")
    return project


@pytest.mark.usefixtures("project")
def test_the_project_of_the_readme_passes(run_pytest: RunPytest) -> None:
    run_pytest(*ENTRY).assert_outcomes(passed=4)
    assert "runs both tests in both projects: `4 passed`" in README


@pytest.mark.usefixtures("planted")
def test_a_planted_error_fails_its_own_test_and_no_other(run_pytest: RunPytest) -> None:
    result = run_pytest(*ENTRY, "--project=desktop", "-n", "1")
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(
        [
            "*_ test_planted[[]desktop-script[]] _*",
            "page_error: missing is not defined",
            "*_ test_planted[[]desktop-console[]] _*",
            "console: went wrong",
            "*_ test_planted[[]desktop-exception[]] _*",
            "status: 500 GET http://127.0.0.1:*/exception",
            "exception: ValueError('went wrong')",
        ]
    )


def test_a_web_server_needs_no_fixture_and_its_errors_count_too(planted: Path, run_pytest: RunPytest) -> None:
    planted.joinpath("conftest.py").unlink()
    port = free_port()
    server = {
        "command": f"{sys.executable} -m flask --app app run --port {port}",
        "url": f"http://127.0.0.1:{port}",
    }
    planted.joinpath("playwright.config.py").write_text(f"config = {{'webServer': {server!r}}}\n")
    result = run_pytest(*ENTRY)
    result.assert_outcomes(passed=2, failed=3)
    result.stdout.fnmatch_lines(["status: 500 GET http://127.0.0.1:*/exception"])


@pytest.mark.parametrize("file", sorted(HARNESS.glob("*.*")), ids=lambda file: file.name)
def test_the_harness_names_nothing_of_an_application(file: Path) -> None:
    words = r"\b(product|categor|sku\b|price|account|signed|owner|viewer|editor|role|staff)\w*"
    assert not re.findall(words, file.read_text(encoding="utf-8"), re.I)


def test_without_an_application_the_server_says_what_is_missing(
    pytester: pytest.Pytester, run_pytest: RunPytest
) -> None:
    pytester.path.joinpath("playwright.config.py").write_text("config = {}\n")
    pytester.makepyfile("def test_it(server): pass")
    result = run_pytest(*ENTRY)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["There is no application to serve: define the fixture `app`."])
