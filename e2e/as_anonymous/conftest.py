"""Every test in this folder begins signed out."""

import pytest


@pytest.fixture
def role() -> None:
    """Who is at the keyboard: nobody yet."""
