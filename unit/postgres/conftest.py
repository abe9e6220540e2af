"""A console over a real PostgreSQL, whatever the rest of the suite runs over."""

import pytest
from flask import Flask

from unit.conftest import MakeApp
from unit.databases import over_postgresql


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    over_postgresql(metafunc)


@pytest.fixture
def impatient(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """A console that waits for no lock longer than a moment."""
    monkeypatch.setattr("dashboard.database.engine.BUSY_TIMEOUT_MS", 50)
    return make_app()
