"""Every test in this folder begins logged in as an editor."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page
from sqlalchemy.orm import DeclarativeBase

from dashboard.extensions import db
from dashboard.testing.harness.browsing import NewContext
from e2e.components.cells import Cells
from e2e.makers import MakerBase
from e2e.server import Console


@pytest.fixture
def role() -> str:
    """The role of the test's own user."""
    return "editor"


@pytest.fixture
def cells(page: Page) -> Cells:
    """The cells of a list with one product: 79.90 EUR, 27 in stock, active."""
    page.goto("/admin/products/?q=oak+lamp")
    return Cells(page)


@pytest.fixture
def console_of(other_server: Callable[..., Console]) -> Callable[..., Console]:
    """`console_of("e2e.teams", TeamBase)` is a console with a plug-in, whose tables are empty."""

    def console_of(plugin: str, base: type[DeclarativeBase]) -> Console:
        console = other_server(plugins=(plugin,))
        with console.app.app_context():
            base.metadata.create_all(db.engine)
        return console

    return console_of


@pytest.fixture
def page_at(new_context: NewContext) -> Callable[..., Page]:
    """`page_at(console, "admin")` is a page of a user of another console; takes the options of a context."""

    def page_at(console: Console, role: str = "editor", **options: Any) -> Page:
        state = console.storage_state(role)
        return new_context(base_url=console.url, storage_state=state, **options).new_page()

    return page_at


@pytest.fixture
def made(console_of: Callable[..., Console]) -> Console:
    """A console with the plug-in of makers, their lamps and the shops, whose tables are empty."""
    return console_of("e2e.makers", MakerBase)
