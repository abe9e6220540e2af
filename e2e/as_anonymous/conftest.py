"""Every test in this folder begins logged out."""

import pytest


@pytest.fixture
def role() -> None:
    """The page is not logged in."""
