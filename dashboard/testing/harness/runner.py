"""Applies playwright.config.py: options, projects, selection, time limits, the web server."""

import shutil
from collections.abc import Generator, Mapping
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from dashboard.testing.harness import address, entry, options, selection
from dashboard.testing.harness.config import ConfigError, Project, Suite
from dashboard.testing.harness.deadlines import GlobalTimeout, deadline
from dashboard.testing.harness.web_server import WebServer, WebServerError

SUITE = pytest.StashKey[Suite]()
GIVEN = pytest.StashKey[Mapping[str, Any]]()
WEB_SERVER = pytest.StashKey[WebServer]()
HANDED_OVER = "playwright_config"


def pytest_addoption(parser: pytest.Parser, pluginmanager: pytest.PytestPluginManager) -> None:
    """Add the options of the harness; raises UsageError if another plugin has one of the same name."""
    if pluginmanager.hasplugin("timeout"):
        raise pytest.UsageError("--timeout is an option of pytest-timeout, too: run with -p no:timeout")
    options.add_options(parser)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Set the configured options before any plugin reads them."""
    config.stash[SUITE] = entry.read(config, config.option.playwright_config)
    try:
        config.stash[GIVEN], resolved = _options(config)
    except ConfigError as error:
        raise pytest.UsageError(str(error)) from error
    for name, value in resolved.items():
        setattr(config.option, name, value)
    timeout = config.stash[SUITE].get("expect", {}).get("timeout")
    if timeout is not None:
        expect.set_options(timeout=timeout)
    if config.option.global_timeout:
        config.pluginmanager.register(GlobalTimeout(config.option.global_timeout))


def _options(config: pytest.Config) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Return (explicit, resolved); a worker takes both from the controller, which has the command line."""
    handed_over = getattr(config, "workerinput", {}).get(HANDED_OVER)
    if handed_over:
        return handed_over["given"], handed_over["resolved"]
    explicit = options.given(config)
    resolved = options.resolve(config.stash[SUITE], explicit)
    if config.option.usepdb:
        resolved["numprocesses"] = 0  # a debugger needs the terminal
    return explicit, resolved


class HandOver:
    """A plugin with a hook of xdist; registered only if xdist is installed."""

    @pytest.hookimpl
    def pytest_configure_node(self, node: Any) -> None:
        """Pass the options of the controller to a worker."""
        config = node.config
        resolved = {name: getattr(config.option, name) for name in (*options.WATCHED, "verbose")}
        del resolved["numprocesses"]
        node.workerinput[HANDED_OVER] = {"given": config.stash[GIVEN], "resolved": resolved}


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark `only`, and the plugins that have to follow all others."""
    config.addinivalue_line("markers", "only: run only the tests with this mark")
    config.pluginmanager.register(address, address.__name__)
    if config.pluginmanager.hasplugin("xdist"):
        config.pluginmanager.register(HandOver())


def pytest_sessionstart(session: pytest.Session) -> None:
    """Empty the output folder and start the configured server; once for the run, not in a worker."""
    config = session.config
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    _empty(Path(config.option.output), config.stash[SUITE])
    settings = config.stash[SUITE].get("webServer")
    if settings and "base_url" not in config.stash[GIVEN]:
        config.stash[WEB_SERVER] = _started(settings, config.stash[SUITE].root, Path(config.option.output))


def _empty(output: Path, suite: Suite) -> None:
    if suite.root.is_relative_to(output.resolve()) or suite.folder.is_relative_to(output.resolve()):
        raise pytest.UsageError(f"outputDir: {output} holds the tests, and every run empties it")
    shutil.rmtree(output, ignore_errors=True)


def _started(settings: Mapping[str, Any], root: Path, output: Path) -> WebServer:
    """Start the configured server; its output goes into a file, because it would interrupt the report."""
    output.mkdir(parents=True, exist_ok=True)
    try:
        with output.joinpath("web-server.log").open("wb") as log:
            return WebServer(settings, root, log).__enter__()
    except WebServerError as error:
        raise pytest.UsageError(str(error)) from error


def pytest_report_header(config: pytest.Config) -> str | None:
    """Say that the configured workers need pytest-xdist if it is not installed."""
    workers = config.stash[SUITE].get("workers")
    if not workers or config.pluginmanager.hasplugin("xdist"):
        return None
    return f"playwright.config.py: workers is {workers}, which needs pytest-xdist; running without"


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Stop the configured server."""
    if server := session.config.stash.get(WEB_SERVER, None):
        server.stop()


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Ignore paths outside the testDir."""
    return None if config.stash[SUITE].is_related(collection_path) else True


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Repeat every test as often as `repeatEach` says."""
    times = metafunc.config.option.repeat_each or 1
    if times > 1:
        metafunc.fixturenames.append("repetition")
        metafunc.parametrize("repetition", range(1, times + 1))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the tests of the chosen projects, those marked `only`, and those of this shard."""
    suite, names = config.stash[SUITE], config.option.browser
    kept = [item for item in items if _wanted(item, suite, names)]
    kept = selection.focused(kept, bool(config.option.forbid_only))
    if config.option.shard:
        kept = selection.one_shard(kept, *config.option.shard)
    chosen = {id(item) for item in kept}
    config.hook.pytest_deselected(items=[item for item in items if id(item) not in chosen])
    items[:] = kept


def _wanted(item: pytest.Item, suite: Suite, names: list[str]) -> bool:
    name = selection.project_name(item, suite)
    bare_engine = name not in [project.name for project in suite.projects]
    return bare_engine or (name in names and selection.belongs(item, suite.project(name), suite))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    """Set the recording options of the test's project, which the plugin reads for each test."""
    config = item.config
    project = item_project(item)
    for name, value in options.per_project(project, config.stash[GIVEN]).items():
        setattr(config.option, name, value)
    with deadline(config.option.test_timeout):
        yield


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """End a test that takes longer than its timeout."""
    with deadline(item.config.option.test_timeout):
        yield


def item_project(item: pytest.Item) -> Project:
    """The project that a test runs in."""
    suite = item.config.stash[SUITE]
    return suite.project(selection.project_name(item, suite))
