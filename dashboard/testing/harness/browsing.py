"""Fixtures around the browser: one per engine and run, contexts made as the project says, all guarded."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, BrowserType, Playwright

from dashboard.testing.harness import browser as chromium
from dashboard.testing.harness.config import Project
from dashboard.testing.harness.guard import Guard
from dashboard.testing.harness.runner import SUITE

IN_CONTEXT = {
    "viewport": "viewport",
    "locale": "locale",
    "timezoneId": "timezone_id",
    "colorScheme": "color_scheme",
    "reducedMotion": "reduced_motion",
    "deviceScaleFactor": "device_scale_factor",
    "isMobile": "is_mobile",
    "hasTouch": "has_touch",
}
NewContext = Callable[..., BrowserContext]


@pytest.fixture(scope="session")
def delete_output_dir() -> None:
    """Replaces the fixture of the plugin, which would empty the folder once in every worker."""


@pytest.fixture(scope="session")
def project(pytestconfig: pytest.Config, browser_name: str) -> Project:
    """The project that this test runs in."""
    return pytestconfig.stash[SUITE].project(browser_name)


@pytest.fixture(scope="session")
def browser_type(playwright: Playwright, project: Project) -> BrowserType:
    """The engine of the project; `browser_name` holds the project's name."""
    engine: BrowserType = getattr(playwright, project.engine)
    return engine


@pytest.fixture(scope="session")
def launched(playwright: Playwright) -> Iterator[dict[str, Browser]]:  # noqa: ARG001 - has to outlive the browsers
    """The running browsers: projects with the same engine and options share one."""
    browsers: dict[str, Browser] = {}
    yield browsers
    for browser in browsers.values():
        browser.close()


@pytest.fixture(scope="session")
def browser(
    browser_type: BrowserType,
    project: Project,
    browser_type_launch_args: dict[str, Any],
    launched: dict[str, Browser],
) -> Browser:
    """A running browser; options on the command line override the configuration."""
    options = {**launch_options(project), **browser_type_launch_args}
    key = json.dumps([browser_type.name, options], sort_keys=True)
    if key not in launched:
        launched[key] = browser_type.launch(**options)
    return launched[key]


def launch_options(project: Project) -> dict[str, Any]:
    """The project's launchOptions in Playwright's Python spelling, with a browser that is there."""
    declared = project.use.get("launchOptions") or {}
    options = {_snake(key): value for key, value in declared.items() if value is not None}
    if project.engine == "chromium":
        options["args"] = [*chromium.flags(), *options.get("args", [])]
        if not options.keys() & {"executable_path", "channel"}:
            options["executable_path"] = chromium.find_or_install().executable
    return options


def context_options(project: Project) -> dict[str, Any]:
    """The project's settings for a context in Playwright's Python spelling."""
    use = project.use
    return {name: use[key] for key, name in IN_CONTEXT.items() if use.get(key) is not None}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    """The plugin's arguments for contexts, without the address, so that a test can replace it."""
    return {name: value for name, value in browser_context_args.items() if name != "base_url"}


@pytest.fixture
def new_context(
    new_context: NewContext,
    project: Project,
    playwright: Playwright,
    guard: Guard,
    browser_context_args: dict[str, Any],
    base_url: str | None,
    request: pytest.FixtureRequest,
) -> NewContext:
    """Makes a guarded context without cookies; keyword arguments override the project."""
    marker = request.node.get_closest_marker("browser_context_args")
    taken = {*browser_context_args, *(marker.kwargs if marker else {})}
    said = {"base_url": base_url, **context_options(project)}
    defaults = {name: value for name, value in said.items() if name not in taken}
    if request.config.option.video != "off" and "record_video_dir" not in taken:
        defaults["record_video_dir"] = request.getfixturevalue("_pw_artifacts_folder").name
    if test_id := project.use.get("testIdAttribute"):
        playwright.selectors.set_test_id_attribute(test_id)

    def make(**options: Any) -> BrowserContext:
        context = new_context(**{**defaults, **options})
        _limit(context, project)
        guard.watch(context)
        return context

    return make


def _limit(context: BrowserContext, project: Project) -> None:
    if (action := project.use.get("actionTimeout")) is not None:
        context.set_default_timeout(action)
    if (navigation := project.use.get("navigationTimeout")) is not None:
        context.set_default_navigation_timeout(navigation)


def _snake(name: str) -> str:
    return re.sub(r"[A-Z]", lambda letter: f"_{letter[0].lower()}", name)
