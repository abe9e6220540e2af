"""The harness under test: suites of a few lines, run by a pytest of their own."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
CONFTEST = 'pytest_plugins = ["dashboard.testing.harness.plugin"]'
UNNEEDED = ("randomly", "cacheprovider", "cov", "hypothesispytest")  # half of the time of a run

RunPytest = Callable[..., pytest.RunResult]
RunSuite = Callable[..., pytest.RunResult]


@pytest.fixture
def run_pytest(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> RunPytest:
    """`run_pytest(*arguments)` runs what lies in the test's folder in a process of its own."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    plugins = [flag for name in UNNEEDED for flag in ("-p", f"no:{name}")]
    return lambda *arguments: pytester.runpytest_subprocess(*plugins, *arguments)


@pytest.fixture
def run_suite(pytester: pytest.Pytester, run_pytest: RunPytest) -> RunSuite:
    """`run_suite(config, tests, *arguments)` runs them with the plugin, which a conftest names."""

    def run(config: dict[str, Any], tests: str, *arguments: str) -> pytest.RunResult:
        pytester.path.joinpath("playwright.config.py").write_text(f"config = {config!r}\n")
        pytester.makeini("[pytest]\n")
        pytester.makeconftest(CONFTEST)
        pytester.makepyfile(test_it=tests)
        return run_pytest(*arguments)

    return run
