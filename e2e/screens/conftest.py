"""Fixtures for tests of every screen: `screen` is a page in the state of the test."""

import pytest
from playwright.sync_api import Page

from e2e.screens.state import Reach
from e2e.server import Console


@pytest.fixture
def screen(page: Page, server: Console, reach: Reach) -> Page:
    """A page of the role, in its state."""
    reach(page, server)
    return page
