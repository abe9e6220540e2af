"""Every test in this folder begins logged out."""

import pytest


@pytest.fixture
def role() -> None:
    """Who is at the keyboard: nobody yet."""
