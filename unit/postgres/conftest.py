"""A console over a real PostgreSQL, whatever the rest of the suite runs over."""

import pytest
from flask import Flask
from sqlalchemy.engine import URL

from unit.conftest import app_over


@pytest.fixture(scope="session")
def shared_app(postgres_database: URL, tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The one console of a run over PostgreSQL."""
    url = postgres_database.render_as_string(hide_password=False)
    return app_over(url, tmp_path_factory.mktemp("instance"))
