"""The suite's plugins: what playwright.config.py asks for, the browser, the guard, who is signed in."""

import pytest

from e2e.config import Project

pytest_plugins = [
    "e2e.runner",
    "e2e.guard",
    "e2e.browsing",
    "e2e.signed_in",
    "e2e.real_server",
    "e2e.accessibility",
    "e2e.budget",
    "e2e.faulty",
]


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config, project: Project, request: pytest.FixtureRequest) -> str:
    """Where the pages are: --base-url or the configured webServer, else the worker's own console.

    It stands here because pytest-playwright registers its own after every plugin, but before this file. It
    asks for the project because another project may have another console.
    """
    return pytestconfig.option.base_url or request.getfixturevalue("server").url
