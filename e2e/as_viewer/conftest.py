"""Every test in this folder begins logged in as a viewer."""

import pytest


@pytest.fixture
def role() -> str:
    """The role of the user."""
    return "viewer"
