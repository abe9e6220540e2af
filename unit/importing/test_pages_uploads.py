"""Uploads: who may send how much, and what is answered before anything is read."""

import errno
import io
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NoReturn

import pytest
from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts.uploads import LOG_IN_AGAIN, most_bytes
from dashboard.bounds import BODY_BYTES, UPLOAD_PARTS
from dashboard.jobs.models import Job, JobFile
from dashboard.sheets.limits import Limits
from dashboard.words import MEGABYTE
from unit.importing.conftest import Rows
from unit.importing.pages import FORM, IMPORT, Pages, main
from unit.unread import Unread

LARGE = "name,city\n" + "".join(f"Supplier {n},{'x' * 70}\n" for n in range(20_000))


@pytest.fixture
def two_megabytes(suppliers: Flask) -> None:
    """Files may have two megabytes."""
    settings = suppliers.extensions["settings"]
    suppliers.extensions["settings"] = replace(settings, import_limits=Limits(bytes=2 * MEGABYTE))


def unread(pages: Pages, size: int, path: str = IMPORT) -> Any:
    """The answer to a form whose body has so many bytes, none of which may be read."""
    said = {"CONTENT_LENGTH": str(size), "CONTENT_TYPE": FORM, "wsgi.input": Unread()}
    return pages.client.post(path, environ_overrides=said)


def test_file_larger_than_other_forms_is_taken(pages: Pages, rows: Rows) -> None:
    assert len(LARGE) > BODY_BYTES
    pages.columns(LARGE)
    assert rows(select(JobFile.size)) == [(len(LARGE),)]


def test_other_forms_stay_as_small_as_they_were(pages: Pages) -> None:
    assert unread(pages, BODY_BYTES + 1, f"{IMPORT}columns/").status_code == 413
    said = {"CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": str(BODY_BYTES + 1)}
    answer = pages.client.post(IMPORT, environ_overrides={**said, "wsgi.input": Unread()})
    assert answer.status_code == 413


def test_larger_form_gets_its_page_and_the_bound(pages: Pages, rows: Rows, two_megabytes: None) -> None:
    answer = unread(pages, 9 * MEGABYTE)
    assert answer.status_code == 413
    words = "Nothing was uploaded. Use at most 2 MB for a file, and 1,000,000 characters for pasted rows."
    assert words in main(answer).all("div", class_="summary")[0].text
    assert main(answer).all("input", name="file")
    assert rows(select(func.count()).select_from(Job)) == [(0,)]


def test_file_a_little_too_large_leaves_nothing(pages: Pages, rows: Rows, two_megabytes: None) -> None:
    answer = pages.upload(LARGE * 2)
    assert "This file is too large. 2,097,152 bytes are allowed." in main(answer).text
    assert rows(select(JobFile.is_whole)) in ([], [(False,)])


def test_viewer_is_refused_before_the_file_is_read(suppliers: Flask) -> None:
    assert unread(Pages(suppliers, "viewer"), 5 * MEGABYTE).status_code == 403


def test_user_without_a_session_logs_in_before_the_file_is_read(pages: Pages) -> None:
    pages.client.delete_cookie("session")
    answer = unread(pages, 5 * MEGABYTE)
    assert answer.location == f"/login?next={IMPORT.replace('/', '%2F')}"
    assert LOG_IN_AGAIN in pages.client.get(answer.location).text


def test_full_folder_for_temporary_files_is_told(
    pages: Pages, rows: Rows, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full() -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    answer = pages.upload(LARGE)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "The server has no space left for files. Nothing was saved." in main(answer).text
    assert rows(select(func.count()).select_from(Job)) == [(0,)]


def test_form_with_many_parts_is_refused(pages: Pages) -> None:
    parts = {f"f{number}": "x" for number in range(UPLOAD_PARTS + 1)}
    assert pages.upload(LARGE, **parts).status_code == 413


def test_pasted_text_may_not_be_longer_than_its_bound(pages: Pages) -> None:
    answer = pages.upload("", "", text="é" * 1_000_001)
    assert "Use at most 1,000,000 characters; this has 1,000,001." in main(answer).text


@pytest.fixture
def heads(suppliers: Flask, pages: Pages) -> Iterator[dict[str, Any]]:
    """The head of an upload as a server hands it over."""
    cookie = pages.client.get_cookie("session")
    assert cookie is not None
    yield {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": IMPORT,
        "CONTENT_TYPE": FORM,
        "HTTP_COOKIE": f"session={cookie.value}",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(),
    }


@pytest.mark.parametrize(
    "changed",
    [
        {"HTTP_COOKIE": "session=forged"},
        {"HTTP_COOKIE": ""},
        {"REQUEST_METHOD": "GET"},
        {"PATH_INFO": "/admin/categories/new/"},
        {"PATH_INFO": "/no/such/page"},
        {"CONTENT_TYPE": "text/plain"},
        {"PATH_INFO": f"{IMPORT}columns/"},
    ],
)
def test_server_stores_large_bodies_of_signed_uploads_alone(
    suppliers: Flask, heads: dict[str, Any], changed: dict[str, str]
) -> None:
    most = most_bytes(suppliers)
    assert most(heads) > 100 * MEGABYTE
    assert most({**heads, **changed}) == BODY_BYTES


def test_form_that_expired_is_shown_again_with_the_pasted_rows(pages: Pages) -> None:
    answer = pages.client.post(IMPORT, data={"csrf_token": "old", "text": "name\nFir"})
    assert answer.status_code == 400
    assert "name Fir" in main(answer).all("textarea")[0].text
