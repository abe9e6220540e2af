"""Stores in a folder and in a bucket, and a product with a page for its photos."""

from pathlib import Path

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.files.store import Store
from dashboard.testing.catalogue import a_product
from unit.files.buckets import new_bucket
from unit.files.photos import Photos


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder for files that is not there yet."""
    return tmp_path / "instance" / "files"


@pytest.fixture(params=["folder", "bucket"])
def store(request: pytest.FixtureRequest, folder: Path) -> Store:
    """An empty store of each kind."""
    url = new_bucket(request.getfixturevalue("buckets")) if request.param == "bucket" else ""
    return Store.of(url, folder)


@pytest.fixture
def lamp(app: Flask) -> int:
    """The number of a product without photos."""
    with app.app_context():
        number = a_product("Oak Lamp").id
        db.session.commit()
        return number


@pytest.fixture
def photos(app: Flask, lamp: int) -> Photos:
    """An editor on the page with the photos of this product."""
    return Photos(app, lamp)
