"""Every test in this folder begins logged in as an admin."""

import pytest


@pytest.fixture
def role() -> str:
    """The role of the user."""
    return "admin"
