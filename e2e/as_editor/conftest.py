"""Every test in this folder begins logged in as an editor."""

import pytest
from playwright.sync_api import Page

from e2e.components.cells import Cells


@pytest.fixture
def role() -> str:
    """The role of the test's own user."""
    return "editor"


@pytest.fixture
def cells(page: Page) -> Cells:
    """The cells of a list with one product: 79.90 EUR, 27 in stock, active."""
    page.goto("/admin/products/?q=oak+lamp")
    return Cells(page)
