"""The type of a file is recognised by its content; its name is never asked for."""

import io
import zipfile
from collections.abc import Mapping

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from dashboard.pictures.media_types import UNKNOWN, media_type_of
from unit.pictures.images import encoded, quarters

OFFICE = "application/vnd.openxmlformats-officedocument."
OPEN = "application/vnd.oasis.opendocument."
DOCUMENTS = {
    "word/document.xml": f"{OFFICE}wordprocessingml.document",
    "xl/workbook.xml": f"{OFFICE}spreadsheetml.sheet",
    "ppt/presentation.xml": f"{OFFICE}presentationml.presentation",
}
CONTENT_TYPES = {"[Content_Types].xml": "<Types/>"}


def zipped(parts: Mapping[str, str]) -> bytes:
    """An archive with these members, in their order and not compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return file.getvalue()


def workbook() -> bytes:
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.add_worksheet().write(0, 0, "Name")
    return file.getvalue()


def seen(content: bytes) -> str:
    return media_type_of(io.BytesIO(content))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF"])
def test_picture_is_recognised(kind: str) -> None:
    assert seen(encoded(quarters(), kind)) == f"image/{kind.lower()}"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_office_document_is_recognised(name: str) -> None:
    assert seen(zipped({**CONTENT_TYPES, name: "<x/>"})) == DOCUMENTS[name]


def test_workbook_of_a_real_writer_is_recognised() -> None:
    assert seen(workbook()) == DOCUMENTS["xl/workbook.xml"]


@pytest.mark.parametrize("kind", ["text", "spreadsheet", "presentation"])
def test_open_document_is_recognised(kind: str) -> None:
    assert seen(zipped({"mimetype": f"{OPEN}{kind}", "content.xml": "<x/>"})) == f"{OPEN}{kind}"


@pytest.mark.parametrize(
    "parts",
    [
        {},
        {"photo.jpg": "x"},
        {"word/document.xml": "without types"},
        {**CONTENT_TYPES, "other.xml": "<x/>"},
        {"mimetype": f"{OPEN}text-template", "content.xml": "<x/>"},
        {"mimetype": "text/html", "content.xml": "<x/>"},
        {"content.xml": "<x/>", "mimetype": f"{OPEN}text"},
    ],
)
def test_other_archive_is_a_zip(parts: dict[str, str]) -> None:
    assert seen(zipped(parts)) == "application/zip"


def test_document_with_macros_is_unknown() -> None:
    parts = {**CONTENT_TYPES, "xl/workbook.xml": "<x/>", "xl/vbaProject.bin": "x"}
    assert seen(zipped(parts)) == UNKNOWN


def test_archive_that_is_cut_off_is_unknown() -> None:
    assert seen(zipped({"photo.jpg": "x" * 5000})[:3000]) == UNKNOWN


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\n", "application/pdf"),
        (b"Dear reader,\n\nthis is a letter, and no table.\n", "text/plain"),
        ("Grüße aus Köln".encode(), "text/plain"),
        (b"\xef\xbb\xbfwith a mark", "text/plain"),
        (b"word", "text/plain"),
        (b"a b c " * 100_000, "text/plain"),
        (b"sku,name\nL-1,Lamp\n", "text/csv"),
        (b"sku;name;price\nL-1;Lamp;12,50\n", "text/csv"),
        (b"\xef\xbb\xbfsku\tname\nL-1\tLamp\n", "text/csv"),
        (b'sku,name\nL-1,"Lamp, with\nshade"\n', "text/csv"),
        (b"sku,name\n" + b"L-1,Lamp\n" * 5000, "text/csv"),
        (b"sku,name\n", "text/plain"),
        (b"Dear Ann,\nhow are you, and when\n", "text/plain"),
        (b"one, two\n\nthree, four\n", "text/plain"),
        (b"one, two\nthree\n", "text/plain"),
    ],
)
def test_text_is_recognised(content: bytes, expected: str) -> None:
    assert seen(content) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"   \n",
        b"\0",
        b"text with a \0 in it",
        b"text" * 100_000 + b"\0",
        b"text" * 100_000 + b"\xff",
        b"Gr\xfc\xdfe",
        "wide".encode("utf-16"),
        b"<!DOCTYPE html><script>alert(1)</script>",
        b"\xef\xbb\xbf\n <html>",
        b'<svg xmlns="http://www.w3.org/2000/svg"/>',
        b'<?xml version="1.0"?><x/>',
        b"RIFF\0\0\0\0WAVE",
        b"MZ\x90\0\x03",
        b"\x7fELF\x02",
        b" %PDF-1.7\0",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512),
    ],
)
def test_other_content_is_unknown(content: bytes) -> None:
    assert seen(content) == UNKNOWN


def test_picture_with_an_archive_behind_it_is_a_picture() -> None:
    assert seen(encoded(quarters(), "JPEG") + zipped({"page.html": "<script>"})) == "image/jpeg"


def test_file_is_read_from_its_beginning() -> None:
    file = io.BytesIO(b"%PDF-1.7\n")
    file.seek(5)
    assert media_type_of(file) == "application/pdf"


@given(st.one_of(st.binary(max_size=300), st.binary(max_size=200).map(lambda rest: b"PK\x03\x04" + rest)))
def test_any_bytes_have_a_type(content: bytes) -> None:
    assert seen(content) == UNKNOWN or content


@given(st.text(max_size=200))
def test_any_text_has_a_type(text: str) -> None:
    assert seen(text.encode(errors="ignore")) in {UNKNOWN, "text/plain", "text/csv", "application/pdf"}
