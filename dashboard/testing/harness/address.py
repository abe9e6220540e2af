"""The fixture `base_url`; registered late, because pytest-playwright registers its own late, too."""

import pytest
from flask import Flask


@pytest.fixture(scope="session")
def base_url(pytestconfig: pytest.Config, app: Flask | None, request: pytest.FixtureRequest) -> str | None:
    """The address of --base-url or the configured webServer, else of the served `app`, else None."""
    address: str | None = pytestconfig.option.base_url
    return address or (request.getfixturevalue("server").url if app else None)
