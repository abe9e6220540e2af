"""Stores in a folder and in a bucket."""

from pathlib import Path

import pytest

from dashboard.files.store import Store
from unit.files.buckets import new_bucket


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for files that is not there yet."""
    return tmp_path / "instance" / "files"


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, folder: Path) -> Store:
    """An empty store of each kind."""
    url = new_bucket(request.getfixturevalue("buckets")) if request.param == "bucket" else ""
    return Store.of(url, folder)
