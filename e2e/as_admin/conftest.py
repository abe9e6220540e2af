"""Every test in this folder begins logged in as an admin."""

import pytest


@pytest.fixture
def role() -> str:
    """Who is at the keyboard."""
    return "admin"
