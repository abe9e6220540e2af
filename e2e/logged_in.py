"""Fixtures for the user of a test, whose `role` is that of its folder's conftest."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page

from dashboard.testing.harness.browsing import NewContext
from dashboard.testing.harness.config import Project
from dashboard.testing.postgresql import postgres_for_tests
from e2e.databases import PostgresDatabase
from e2e.server import SEEDED, Console, ServerClock

GIVEN = os.environ.get("DASHBOARD_TEST_DATABASE_URL", "")


@pytest.fixture(scope="session")
def open_console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Console]]:
    """`open_console("postgresql")` is the console over such a database; projects share one for each."""
    running: dict[str, Console] = {}
    with ExitStack() as stack:

        def open_console(kind: str) -> Console:
            if kind not in running:
                is_file = kind == "sqlite"
                store = None if is_file else PostgresDatabase(stack.enter_context(postgres_for_tests(GIVEN)))
                running[kind] = Console(tmp_path_factory.mktemp("console"), store)
                stack.callback(running[kind].stop)
            return running[kind]

        yield open_console


@pytest.fixture(scope="session")
def server(project: Project, open_console: Callable[[str], Console]) -> Console:
    """The console of this worker, over the database of its project."""
    return open_console(project.metadata.get("database", "sqlite"))


@pytest.fixture(autouse=True)
def fresh_database(request: pytest.FixtureRequest, server: Console) -> None:
    """Every test starts with the same rows; `@pytest.mark.database("empty")` with a new installation."""
    marker = request.node.get_closest_marker("database")
    server.reset(marker.args[0] if marker else SEEDED)


@pytest.fixture
def server_faults(server: Console) -> list[str]:
    """The faults of the server, for the guard."""
    return server.faults


@pytest.fixture
def server_clock() -> Iterator[ServerClock]:
    """`server_clock.advance(hours=9)`; back to normal after the test."""
    clock = ServerClock()
    yield clock
    clock.reset()


@pytest.fixture
def role() -> str | None:
    """The role of the test's own user; None is logged out."""
    return None


@pytest.fixture
def context(new_context: NewContext, server: Console, role: str | None) -> BrowserContext:
    """The browser context of the test's own user, which `page` belongs to."""
    return new_context(storage_state=server.storage_state(role))


@pytest.fixture
def open_as(new_context: NewContext, server: Console) -> Callable[..., Page]:
    """`open_as("editor")` is a page of a second user; `open_as(None)` is logged out."""

    def make(role: str | None, **options: Any) -> Page:
        return new_context(storage_state=server.storage_state(role), **options).new_page()

    return make


@pytest.fixture
def page_without_javascript(open_as: Callable[..., Page], role: str | None) -> Page:
    """A page of the test's own user in a browser that runs no script."""
    return open_as(role, java_script_enabled=False)


@pytest.fixture
def other_server(tmp_path: Path) -> Iterator[Callable[..., Console]]:
    """`other_server(registration="closed")` serves a second console with other settings."""
    started: list[Console] = []

    def start(**settings: Any) -> Console:
        folder = tmp_path / f"console-{len(started)}"
        folder.mkdir()
        started.append(Console(folder, **settings))
        return started[-1]

    yield start
    for console in started:
        console.stop()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "postgresql: run in the project `postgresql` as well")
    config.addinivalue_line("markers", "database(snapshot): start from 'empty' instead of 'seeded'")
