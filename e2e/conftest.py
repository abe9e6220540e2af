"""The plugins of the suite: the harness, the logged-in users and the rest for this console."""

import pytest

from dashboard.testing.harness.config import Project

pytest_plugins = [
    "dashboard.testing.harness.plugin",
    "e2e.logged_in",
    "e2e.real_server",
    "e2e.budget",
    "e2e.faulty",
]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("suite", "Browser suite")
    group.addoption("--pictures", action="store_true", help="make the pictures of the README again")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "phone: run in the project `phone` as well")
    config.addinivalue_line("markers", "phone_only: run in the project `phone` and nowhere else")


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config, project: Project, request: pytest.FixtureRequest) -> str:
    """The base address: --base-url or the configured webServer, else the console of the worker.

    It asks for the project because another project may have another console.
    """
    return pytestconfig.option.base_url or request.getfixturevalue("server").url
