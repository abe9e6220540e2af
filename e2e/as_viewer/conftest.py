"""Every test in this folder begins logged in as a viewer."""

import pytest


@pytest.fixture
def role() -> str:
    """Who is at the keyboard."""
    return "viewer"
