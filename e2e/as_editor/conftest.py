"""Every test in this folder begins logged in as an editor."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from dashboard.extensions import db
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
def made(other_server: Callable[..., Console]) -> Console:
    """A console with the plug-in of makers, their lamps and the shops, whose tables are empty."""
    console = other_server(plugins=("e2e.makers",))
    with console.app.app_context():
        MakerBase.metadata.create_all(db.engine)
    return console
