"""A folder as the store: after a crash there is no half a file, and after `put` a file stays."""

import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep, time

import pytest

from dashboard.files.folder import ABANDONED_AFTER, NEW
from dashboard.files.store import FileMissing, Store, StoreAway, StoreFull
from unit.full_disk import no_file_grows

ROOT = Path(__file__).resolve().parents[2]
WRITER = """
import sys
from pathlib import Path
from dashboard.files.store import Store
store = Store.of("", Path(sys.argv[1]))
number = 0
while True:
    number += 1
    print(number, flush=True)
    store.put(f"{number % 5}/{number}", bytes([number % 256]) * 3_000_000)
"""
KILLS = 6
NOBODY = 65534


@pytest.fixture
def store(folder: Path) -> Store:
    return Store.of("", folder)


def all_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_nothing_is_made_before_the_first_file(store: Store, folder: Path) -> None:
    assert [*store.names()] == []
    store.delete(["a"])
    with pytest.raises(FileMissing):
        store.read("a")
    assert not folder.exists()


def test_only_the_user_of_the_console_can_read_files(store: Store, folder: Path) -> None:
    before = os.umask(0)
    try:
        store.put("ab/abcd/full", b"x")
    finally:
        os.umask(before)
    made = [folder, *folder.rglob("*")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_dir()} == {0o700}
    assert {stat.S_IMODE(path.stat().st_mode) for path in made if path.is_file()} == {0o600}


def test_folders_of_deleted_files_are_removed(store: Store, folder: Path) -> None:
    store.put("ab/one/full", b"x")
    store.put("ab/two/full", b"x")
    store.delete(["ab/one/full"])
    assert sorted(each.name for each in (folder / "ab").iterdir()) == ["two"]
    store.delete(["ab/two/full"])
    assert sorted(each.name for each in folder.iterdir()) == [NEW]


def test_files_of_other_programs_are_not_named(store: Store, folder: Path) -> None:
    store.put("ab/one", b"x")
    (folder / "lost+found").mkdir()
    for name in ("lost+found/one", ".DS_Store", "ab/.one.swp", "README.md"):
        folder.joinpath(name).write_text("other")
    assert [each.name for each in store.names()] == ["ab/one"]


def test_folder_elsewhere_is_named_by_its_address(tmp_path: Path) -> None:
    place = tmp_path / "other disk"
    Store.of(f"file://{tmp_path}/other%20disk", tmp_path / "usual").put("a", b"x")
    assert (place / "a").read_bytes() == b"x"


def test_killed_writer_leaves_whole_files_only(store: Store, folder: Path) -> None:
    for attempt in range(KILLS):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(folder)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout
        for _ in range(3 + attempt):
            begun = int(writer.stdout.readline())
        sleep(0.001 * attempt)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        found = {each.name: each.size for each in store.names()}
        assert set(found.values()) == {3_000_000}
        assert {f"{number % 5}/{number}" for number in range(1, begun)} <= set(found)
        for name in found:
            read = b"".join(store.read(name))
            assert read == bytes([int(name.partition("/")[2]) % 256]) * 3_000_000
        store.delete([*found])


def test_rests_of_killed_writers_are_deleted_after_a_day(store: Store, folder: Path) -> None:
    store.put("a", b"x")
    rests = [folder / NEW / name for name in ("old", "fresh")]
    for rest, age in zip(rests, (ABANDONED_AFTER + 60, ABANDONED_AFTER - 60), strict=True):
        rest.write_bytes(b"half")
        os.utime(rest, (time() - age, time() - age))
    assert [each.name for each in store.names()] == ["a"]
    store.put("b", b"x")
    assert [rest.exists() for rest in rests] == [False, True]


def test_content_and_name_are_forced_to_the_disk(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forced, real = list[tuple[str, int, bool]](), os.fsync

    def fsync(handle: int) -> None:
        name = Path(f"/proc/self/fd/{handle}").readlink()
        forced.append(
            (name.relative_to(folder.parent.parent).as_posix(), os.fstat(handle).st_size, target.exists())
        )
        real(handle)

    target = folder / "ab" / "abcd" / "full"
    monkeypatch.setattr(os, "fsync", fsync)
    store.put("ab/abcd/full", b"content")
    written = next(at for at, (name, _, _) in enumerate(forced) if f"/{NEW}/" in name)
    assert forced[written][1:] == (7, False)  # all of it, before it has its name
    names = [name for name, _, _ in forced]
    above = ["instance/files", "instance/files/ab", "instance/files/ab/abcd"]
    assert {"instance", *above} <= set(names[: len(names)])
    assert (names[-1], forced[-1][2]) == ("instance/files/ab/abcd", True)


@contextmanager
def failing(store: Store, names: list[str]) -> Iterator[None]:
    """Check that what fails leaves the store as it was."""
    before = {name: b"".join(store.read(name)) for name in names}
    with pytest.raises(StoreAway):
        yield
    assert {each.name for each in store.names()} == set(names)
    assert {name: b"".join(store.read(name)) for name in names} == before


def test_full_disk_is_told_and_leaves_nothing(store: Store, folder: Path) -> None:
    store.put("a", b"older")
    with failing(store, ["a"]), no_file_grows(beyond=100_000):
        store.put("b", b"x" * 200_000)
    with failing(store, ["a"]), no_file_grows(beyond=100_000):
        store.put("a", b"x" * 200_000)
    assert [path.name for path in all_files(folder)] == ["a"]
    with pytest.raises(StoreFull, match=r"^The disk for files is full\."), no_file_grows():
        store.put("b", b"x")
    store.put("b", b"x" * 200_000)
    assert store.size("b") == 200_000


@contextmanager
def without_rights(folder: Path) -> Iterator[None]:
    """Let this process write nothing in a folder, even if it is that of root."""
    mode = folder.stat().st_mode
    folder.chmod(0)
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)
        folder.chmod(mode)


def test_folder_without_rights_is_told(store: Store, folder: Path) -> None:
    store.put("a", b"x")
    for act, told in (
        (lambda: store.put("b", b"x"), "Files cannot be stored at the moment. Try again later."),
        (lambda: store.delete(["a"]), "Files cannot be stored at the moment. Try again later."),
        (lambda: store.read("a"), "Files cannot be read at the moment. Try again later."),
        (lambda: store.size("a"), "Files cannot be read at the moment. Try again later."),
        (lambda: [*store.names()], "Files cannot be read at the moment. Try again later."),
    ):
        with pytest.raises(StoreAway) as caught, without_rights(folder):
            act()
        assert str(caught.value) == told
        assert isinstance(caught.value.__cause__, PermissionError)
    assert b"".join(store.read("a")) == b"x"


def test_file_in_the_place_of_the_folder_is_told(store: Store, folder: Path) -> None:
    folder.parent.mkdir()
    folder.write_text("no folder")
    with pytest.raises(StoreAway):
        store.put("a", b"x")


def test_folder_that_is_removed_at_the_same_moment_is_made_again(
    store: Store, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another request deletes the last file of a folder just before the new one is renamed into it."""
    store.put("ab/one", b"x")
    real, others = Path.replace, [lambda: store.delete(["ab/one"])]

    def replace(file: Path, target: Path) -> Path:
        while others:
            others.pop()()
            assert not folder.joinpath("ab").exists()
        return real(file, target)

    monkeypatch.setattr(Path, "replace", replace)
    store.put("ab/two", b"y")
    assert [each.name for each in store.names()] == ["ab/two"]
