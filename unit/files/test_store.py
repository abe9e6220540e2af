"""A store keeps files by their names, in a folder and in a bucket alike."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

import pytest
from flask import Flask

from dashboard.file_settings import FileSettings
from dashboard.files import bucket
from dashboard.files.place import PIECE
from dashboard.files.store import FileMissing, Store, files_store
from unit.conftest import MakeApp

LARGE = bytes(range(256)) * 80_000  # more than a request to a bucket takes


def content(store: Store, name: str) -> bytes:
    return b"".join(store.read(name))


def test_file_is_read_as_it_was_stored(store: Store) -> None:
    store.put("ab/abcd/full", b"one")
    store.put("ab/abcd/small", io.BytesIO(b"two"))
    assert (content(store, "ab/abcd/full"), content(store, "ab/abcd/small")) == (b"one", b"two")
    assert (store.size("ab/abcd/full"), store.size("ab/abcd/small")) == (3, 3)


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, len(LARGE)])
def test_file_of_any_size_is_read_whole(store: Store, size: int) -> None:
    store.put("file", io.BytesIO(LARGE[:size]))
    assert content(store, "file") == LARGE[:size]
    assert store.size("file") == size


def test_upload_is_stored_from_its_beginning(store: Store) -> None:
    with SpooledTemporaryFile(1000) as upload:
        upload.write(LARGE[:5000])
        store.put("file", cast(BinaryIO, upload))
    assert content(store, "file") == LARGE[:5000]


def test_large_file_comes_in_pieces(store: Store) -> None:
    store.put("file", LARGE)
    pieces = [len(piece) for piece in store.read("file")]
    assert len(pieces) > 4
    assert max(pieces) < len(LARGE) / 4


def test_reading_may_stop_before_the_end(store: Store) -> None:
    store.put("file", LARGE)
    assert next(store.read("file"))[:4] == LARGE[:4]
    store.read("file")


def test_newer_file_takes_the_place_of_an_older_one(store: Store) -> None:
    store.put("file", b"older and longer")
    store.put("file", b"newer")
    assert content(store, "file") == b"newer"
    assert [(each.name, each.size) for each in store.names()] == [("file", 5)]


def test_names_tell_sizes_and_moments(store: Store) -> None:
    assert [*store.names()] == []
    before = datetime.now(UTC) - timedelta(seconds=2)
    for number in range(3):
        store.put(f"ab/key{number}/full", b"x" * number)
    found = sorted(store.names())
    assert [(each.name, each.size) for each in found] == [(f"ab/key{n}/full", n) for n in range(3)]
    assert all(before <= each.stored_at <= datetime.now(UTC) + timedelta(seconds=2) for each in found)


def test_more_files_than_are_listed_at_once_are_all_named(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bucket, "LISTED_AT_ONCE", 7)
    names = {f"{number % 7}/{number}" for number in range(60)}
    with ThreadPoolExecutor(8) as pool:
        [*pool.map(lambda name: store.put(name, b"x"), names)]
    assert {each.name for each in store.names()} == names
    store.delete([*names])
    assert [*store.names()] == []


def test_deleted_file_is_gone_and_deleting_again_is_no_error(store: Store) -> None:
    store.put("ab/one/full", b"x")
    store.put("ab/two/full", b"y")
    store.delete(["ab/one/full", "ab/never/full"])
    store.delete(["ab/one/full"])
    store.delete([])
    assert [each.name for each in store.names()] == ["ab/two/full"]


@pytest.mark.parametrize("name", ["never", "ab", "ab/abcd", "ab/abcd/full/more"])
def test_missing_file_is_told_before_anything_is_read(store: Store, name: str) -> None:
    store.put("ab/abcd/full", b"x")
    with pytest.raises(FileMissing, match=r"^This file is no longer stored\.$"):
        store.read(name)
    with pytest.raises(FileMissing):
        store.size(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "/",
        "a/",
        "/a",
        "a//b",
        "..",
        "../a",
        "a/../b",
        ".new/a",
        "A",
        "a.b",
        "a b",
        "ä",
        "a\n",
        "a\0",
        "٣",
    ],
)
def test_name_of_another_shape_is_a_fault_of_the_program(store: Store, name: str) -> None:
    for act in (store.read, store.size, lambda name: store.put(name, b""), lambda name: store.delete([name])):
        with pytest.raises(ValueError, match="not a name of a stored file"):
            act(name)


def test_many_files_are_stored_and_deleted_at_once(store: Store) -> None:
    """A folder that is empty is removed, also while the next file for it is written."""

    def come_and_go(number: int) -> bytes:
        for _ in range(10):
            store.put(f"ab/{number}/full", b"x")
            store.delete([f"ab/{number}/full"])
        store.put(f"ab/{number}/full", LARGE[:number])
        return content(store, f"ab/{number}/full")

    with ThreadPoolExecutor(8) as pool:
        assert [*pool.map(come_and_go, range(16))] == [LARGE[:number] for number in range(16)]


def test_application_has_the_store_of_its_settings(context: Flask, make_app: MakeApp, tmp_path: Path) -> None:
    settings = context.extensions["settings"]
    assert str(files_store()) == str(settings.instance / "files")
    with make_app(files=FileSettings(url=f"file://{tmp_path}/elsewhere")).app_context():
        assert str(files_store()) == f"{tmp_path}/elsewhere"
