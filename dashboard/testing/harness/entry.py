"""The entry point for pytest: loads the harness for runs of tests that a playwright.config.py configures.

Everything else, such as a project's unit tests, runs as if the harness were not installed.
"""

import glob
from pathlib import Path

import pytest

from dashboard.testing.harness.config import ConfigError, Suite, load

FILE = "playwright.config.py"
PLUGIN = "dashboard.testing.harness.plugin"


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option that names the configuration; the plugin adds the others."""
    group = parser.getgroup("harness", f"Browser tests ({FILE})")
    group.addoption(
        "--playwright-config", metavar="PATH", help=f"use this file instead of the nearest {FILE}"
    )


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Load the plugin if the run includes browser tests; a conftest may name it too."""
    named = early_config.known_args_namespace.playwright_config
    if named or _is_about_browser_tests(early_config):
        early_config.pluginmanager.import_plugin(PLUGIN)


def read(config: pytest.Config, named: str | None) -> Suite:
    """Return the configuration in the named file or the nearest one; raises UsageError with one line."""
    file = Path(named) if named else nearest(config.rootpath)
    if file is None:
        raise pytest.UsageError(f"there is no {FILE} in {config.rootpath}, nor in a folder above it")
    try:
        return load(file)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error


def nearest(folder: Path) -> Path | None:
    """Return the playwright.config.py of this folder or the nearest above, or None."""
    files = (each / FILE for each in (folder, *folder.parents))
    return next((file for file in files if file.is_file()), None)


def _is_about_browser_tests(config: pytest.Config) -> bool:
    """Whether pytest collects anything in, or around, the testDir of a configuration."""
    if nearest(config.rootpath) is None:
        return False
    suite = read(config, None)
    return any(suite.is_related(place) for place in _places(config))


def _places(config: pytest.Config) -> list[Path]:
    """Where pytest collects tests: the paths on the command line, else `testpaths`, else this folder."""
    here, given = config.invocation_params.dir, config.known_args_namespace.file_or_dir
    if not given and here == config.rootpath:
        for pattern in config.getini("testpaths"):
            given = [*given, *glob.glob(pattern, root_dir=here)]  # noqa: PTH207 - pathlib refuses `.`
    return [here / place.partition("::")[0] for place in given or ["."]]
