"""How large files may be, one by one and all together."""

import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.files.lists import Images
from dashboard.files.models import StoredFile
from dashboard.files.store import Store
from dashboard.files.storing import clean_file_name, store_upload
from dashboard.refusal import Refusal
from unit.conftest import MakeApp
from unit.files.photos import Photos, picture

PHOTOS = Images("photos")


@pytest.fixture
def limited(app: Flask) -> Iterator[Callable[..., None]]:
    """`limited(bytes=10)` gives the console other limits for files."""
    settings = app.extensions["settings"]

    def limit(**limits: int) -> None:
        app.extensions["settings"] = replace(settings, files=replace(settings.files, **limits))

    yield limit
    app.extensions["settings"] = settings


@pytest.mark.security(74)
def test_quota_is_for_all_files_together(photos: Photos, limited: Callable[..., None], app: Flask) -> None:
    photos.add(picture())
    with app.app_context():
        used = db.session.scalar(select(StoredFile.size))
    limited(quota=used + len(picture()) - 1)

    page = photos.add(picture()).text

    assert f"There is no room for more files: {used + len(picture()) - 1:,} bytes are allowed in all." in page
    assert len(photos.stored()) == 1


def test_file_that_is_too_large_is_refused_by_name(photos: Photos, limited: Callable[..., None]) -> None:
    limited(bytes=50)

    page = photos.add(picture(size=(400, 300))).text

    assert "front.png: This file is too large. 50 bytes are allowed." in page


def test_form_beyond_the_bound_comes_back_with_it(photos: Photos, limited: Callable[..., None]) -> None:
    limited(bytes=10)

    answer = photos.unread(3_000_000)

    assert answer.status_code == 413
    assert "Nothing was uploaded. Use files of at most 10 bytes, and 50 bytes together." in answer.text
    assert photos.stored() == []


def test_empty_file_is_refused(photos: Photos) -> None:
    assert "front.png: This file is empty." in photos.add(b"").text


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("front.png", "front.png"),
        ("../../etc/passwd", "passwd"),
        ("C:\\photos\\front.png", "front.png"),
        ("a\x00b\r\nc.png", "abc.png"),
        ("\u202egpj.csv", "gpj.csv"),
        ("  .. ", "file"),
        ("", "file"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        ("x." + "y" * 300, "x." + "y" * 198),
        ("фото “1”.jpg", "фото “1”.jpg"),
    ],
)
def test_names_lose_folders_and_control_characters(given: str, kept: str) -> None:
    assert clean_file_name(given) == kept


def test_file_that_could_not_be_stored_has_no_row(make_app: MakeApp) -> None:
    app = make_app()
    app.extensions["files"] = Store.of("", Path("/dev/null/files"))
    with app.app_context():
        with pytest.raises(Refusal, match="Files cannot be stored at the moment"):
            store_upload(io.BytesIO(picture()), "front.png", PHOTOS, "products", 1)
        assert db.session.scalar(select(StoredFile)) is None
