"""The suite's own machinery under test: suites of a few lines, run by a pytest of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = 'pytest_plugins = ["e2e.runner", "e2e.guard", "e2e.browsing"]'
UNNEEDED = ("randomly", "cacheprovider", "cov", "hypothesispytest")  # half of the time of a run

RunSuite = Callable[..., pytest.RunResult]


@pytest.fixture
def run_suite(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunSuite:
    """`run_suite(config, tests, *arguments)` runs them in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(config: dict[str, Any], tests: str, *arguments: str) -> pytest.RunResult:
        pytester.path.joinpath("playwright.config.py").write_text(f"config = {config!r}\n")
        pytester.makeini("[pytest]\n")
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test_it=tests)
        where = f"--playwright-config={pytester.path / 'playwright.config.py'}"
        plugins = [flag for name in UNNEEDED for flag in ("-p", f"no:{name}")]
        return pytester.runpytest_subprocess(where, *plugins, *arguments)

    return run
