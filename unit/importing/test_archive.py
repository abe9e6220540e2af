"""ZIPs of attackers and of odd programs: refused in one sentence, or read without harm."""

from __future__ import annotations

import io
import stat
import struct
import time
import unicodedata
import zipfile

import pytest

from dashboard.importing.archive import (
    MOST_ENTRIES,
    NO_TABLE,
    TOO_LARGE,
    TOO_MANY,
    UNPACKED,
    Archive,
    read_archive,
)
from dashboard.refusal import Refusal
from dashboard.sheets.limits import Limits
from dashboard.words import size_words
from unit.importing.zips import BLUE, RED, TABLE, packed, zipped

LIMITS = Limits(bytes=1_000_000)
LOCAL, CENTRAL = b"PK\x03\x04", b"PK\x01\x02"


def archive(content: bytes) -> Archive:
    """The ZIP in these bytes."""
    return Archive(io.BytesIO(content), LIMITS)


def content_of(found: Archive, name: str) -> bytes:
    """The bytes of the file that a cell names."""
    target = io.BytesIO()
    found.copy(found.find(name, ""), target, 1_000_000, "Too large.")
    return target.getvalue()


def with_entry(name: str = "a.png", content: bytes = RED, **facts: object) -> bytes:
    """A ZIP with one entry of which these facts are told."""
    info, target = zipfile.ZipInfo(name), io.BytesIO()
    for fact, value in facts.items():
        setattr(info, fact, value)
    with zipfile.ZipFile(target, "w") as written:
        written.writestr(info, content)
    return target.getvalue()


def changed(content: bytes, mark: bytes, at: int, new: bytes) -> bytes:
    """The same ZIP with other bytes in its first record of a kind."""
    first = content.index(mark) + at
    return content[:first] + new + content[first + len(new) :]


@pytest.mark.parametrize(
    "name",
    [
        "../red.png",
        "a/../../red.png",
        "/etc/red.png",
        "C:\\red.png",
        "c:red.png",
        "..\\red.png",
        "..",
        "\\\\host\\a",
    ],
)
def test_name_that_leads_elsewhere_is_refused(name: str) -> None:
    with pytest.raises(Refusal, match="unsafe name"):
        archive(zipped({name: RED}))


def test_name_with_nul_is_refused_without_it() -> None:
    content = zipped({"aXb.png": RED}).replace(b"aXb.png", b"a\0b.png")
    with pytest.raises(Refusal) as refusal:
        archive(content)
    assert "a?b.png" in str(refusal.value)


def test_files_that_systems_add_are_left_out() -> None:
    files = {"__MACOSX/._red.png": BLUE, "photos/.DS_Store": BLUE, ".git/red.png": BLUE, "photos/": b""}
    found = archive(packed(files={**files, "photos/red.png": RED}))
    assert [each.path for each in found.entries] == ["products.csv", "photos/red.png"]
    assert content_of(found, "red.png") == RED


def test_link_is_no_file() -> None:
    content = with_entry(content=b"/etc/passwd", create_system=3, external_attr=(stat.S_IFLNK | 0o777) << 16)
    with pytest.raises(Refusal, match="This is a link, not a file"):
        content_of(archive(content), "a.png")


def test_file_with_a_password_is_refused() -> None:
    content = changed(with_entry(), CENTRAL, 8, b"\x01\x00")
    with pytest.raises(Refusal, match="This file has a password"):
        content_of(archive(content), "a.png")


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_other_ways_of_packing_are_refused(method: int) -> None:
    with pytest.raises(Refusal, match="packed in an unknown way"):
        content_of(archive(with_entry(compress_type=method)), "a.png")


@pytest.mark.security(70)
def test_zip_that_unpacks_to_too_much_is_refused() -> None:
    bomb = zipped({"a.png": bytes(UNPACKED * LIMITS.bytes + 1)})
    assert len(bomb) < 20_000
    with pytest.raises(Refusal) as refusal:
        archive(bomb)
    assert str(refusal.value) == TOO_LARGE.format(size_words(UNPACKED * LIMITS.bytes))


def test_file_above_the_limit_of_one_is_not_unpacked() -> None:
    with pytest.raises(Refusal, match=r"Too large\."):
        content_of(archive(zipped({"a.png": bytes(1_000_001)})), "a.png")


@pytest.mark.security(70)
@pytest.mark.parametrize("told", [10, 900_000])
def test_size_that_lies_is_damage(told: int) -> None:
    content = changed(zipped({"a.png": bytes(100_000)}), CENTRAL, 24, struct.pack("<L", told))
    with pytest.raises(Refusal, match="This ZIP is damaged"):
        content_of(archive(content), "a.png")


@pytest.mark.security(70)
def test_entries_that_share_bytes_are_refused() -> None:
    content = zipped({"a.png": bytes(50_000), "b.png": bytes(50_000)})
    second = content.rindex(CENTRAL)
    content = content[: second + 42] + struct.pack("<L", 0) + content[second + 46 :]
    with pytest.raises(Refusal, match="This ZIP is damaged"):
        archive(content)


@pytest.mark.security(70)
def test_more_files_than_allowed_are_refused_at_once() -> None:
    begun = time.thread_time()
    for number in (MOST_ENTRIES + 1, 100_000):
        with pytest.raises(Refusal) as refusal:
            archive(many_entries(number))
        assert str(refusal.value) == TOO_MANY.format("20,000")
    assert time.thread_time() - begun < 5


def many_entries(number: int) -> bytes:
    """A ZIP with so many empty files, made by hand because the library takes long."""
    local, central = io.BytesIO(), io.BytesIO()
    for each in range(number):
        name = b"%06d" % each
        at = local.tell()
        local.write(LOCAL + struct.pack("<5H3L2H", 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0) + name)
        facts = struct.pack("<6H3L5H2L", 20, 20, 0, 0, 0, 0, 0, 0, 0, len(name), 0, 0, 0, 0, 0, at)
        central.write(CENTRAL + facts + name)
    size, start = central.tell(), local.tell()
    end = struct.pack("<4H2LH", 0, 0, number & 0xFFFF, number & 0xFFFF, size, start, 0)
    return local.getvalue() + central.getvalue() + b"PK\x05\x06" + end


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_name_is_found_in_either_form_of_unicode(form: str) -> None:
    found = archive(zipped({unicodedata.normalize(form, "Müller.png"): RED}))
    assert content_of(found, unicodedata.normalize("NFC", "Müller.png")) == RED
    assert content_of(found, unicodedata.normalize("NFD", "Müller.png")) == RED


def test_two_forms_of_one_name_are_two_files() -> None:
    found = archive(zipped({unicodedata.normalize(form, "Müller.png"): RED for form in ("NFC", "NFD")}))
    with pytest.raises(Refusal, match="several files called “Müller"):
        found.find("Müller.png", "")


def test_name_of_a_mac_is_read_as_utf_8() -> None:
    content = zipped({"XX.png": RED}).replace(b"XX.png", "é.png".encode())
    assert content_of(archive(content), "é.png") == RED


def test_same_name_twice_is_an_error_of_who_names_it() -> None:
    content = zipped({"a.png": RED, "b.png": BLUE}).replace(b"b.png", b"a.png")
    with pytest.raises(Refusal, match="several files called “a"):
        archive(content).find("a.png", "")


def test_name_in_its_own_case_comes_first() -> None:
    found = archive(zipped({"a.png": RED, "A.PNG": BLUE}))
    assert content_of(found, "A.PNG") == BLUE


def test_directory_that_names_another_file_is_damage() -> None:
    content = changed(zipped({"a.png": RED}), LOCAL, 30, b"b")
    with pytest.raises(Refusal, match="This ZIP is damaged"):
        content_of(archive(content), "a.png")


def test_zip_of_64_bits_is_read() -> None:
    target = io.BytesIO()
    with (
        zipfile.ZipFile(target, "w") as written,
        written.open(zipfile.ZipInfo("a.png"), "w", force_zip64=True) as entry,
    ):
        entry.write(RED)
    assert content_of(archive(target.getvalue()), "a.png") == RED


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.999])
def test_zip_that_is_cut_off_is_damaged(share: float) -> None:
    content = packed()
    with pytest.raises(Refusal, match="This ZIP is damaged"):
        read_archive(io.BytesIO(content[: int(len(content) * share)]), "products.zip", LIMITS)


@pytest.mark.parametrize("step", [1, 7])
def test_zip_with_any_byte_changed_is_read_or_refused(step: int) -> None:
    content = packed()
    for at in range(step, len(content), 7):
        broken = content[:at] + bytes([content[at] ^ 0xFF]) + content[at + 1 :]
        try:
            found = archive(broken)
            for entry in found.entries:
                found.copy(entry, io.BytesIO(), 1_000_000, "Too large.")
        except Refusal:
            pass


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({"photos/red.png": RED}, NO_TABLE),
        ({"inner.zip": packed()}, NO_TABLE),
        ({"a.csv": b"a", "b.xlsx": b"b"}, "This ZIP has several tables: “a.csv” and “b.xlsx”."),
        ({"x/a.csv": b"a", "y/b.csv": b"b"}, "This ZIP has several tables: “x/a.csv” and “y/b.csv”."),
    ],
)
def test_zip_needs_one_table(files: dict[str, bytes], why: str) -> None:
    with pytest.raises(Refusal) as refusal:
        archive(zipped(files)).table()
    assert str(refusal.value).startswith(why)


def test_table_is_the_one_in_the_outermost_folder() -> None:
    found = archive(packed(TABLE, {"papers/1/prices.csv": b"a,b\n1,2\n"}))
    assert found.table().path == "products.csv"


@pytest.mark.parametrize(
    "name", ["xl/workbook.xml", "word/document.xml", "content.xml", "Index/Document.iwa"]
)
def test_document_that_is_a_zip_is_none(name: str) -> None:
    assert read_archive(io.BytesIO(zipped({name: b"<a/>", "a.csv": b"a"})), "a.zip", LIMITS) is None


@pytest.mark.parametrize("content", [packed()[:-30], zipped({"a": bytes(UNPACKED * LIMITS.bytes + 1)})])
def test_bad_workbook_is_left_to_who_reads_workbooks(content: bytes) -> None:
    assert read_archive(io.BytesIO(content), "products.xlsx", LIMITS) is None


def test_text_is_no_zip() -> None:
    assert read_archive(io.BytesIO(b"sku,name\n"), "a.zip", LIMITS) is None
