"""Every test in this folder begins logged in as an owner."""

import pytest


@pytest.fixture
def role() -> str:
    """Who is at the keyboard."""
    return "owner"
