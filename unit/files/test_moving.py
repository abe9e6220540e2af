"""Moving files to another store copies all of them, again and again if need be, and deletes nothing."""

from pathlib import Path

import pytest

from dashboard.files.moving import different_files, move_files, overlap
from dashboard.files.store import Store, Stored
from dashboard.files.trial import OTHER_CONTENT, store_fault
from dashboard.store_address import Bucket
from unit.files.buckets import contents, new_bucket, with_files


class StoppedError(Exception):
    """The user stops the command."""


def test_every_file_is_copied_and_stays_where_it_was(store: Store, tmp_path: Path) -> None:
    target, told = Store.of("", tmp_path / "target"), list[tuple[int, int]]()
    files = with_files(store)
    moved = move_files(store, target, lambda *step: told.append(step))
    assert (moved.copied, moved.there) == (7, 0)
    assert contents(target) == contents(store) == files
    assert told == [(number, 7) for number in range(1, 8)]
    assert different_files(store, target) == []


def test_files_are_moved_into_a_bucket(store: Store, buckets: str, tmp_path: Path) -> None:
    target = Store.of(new_bucket(buckets), tmp_path)
    files = with_files(store)
    move_files(store, target, lambda *_: None)
    assert contents(target) == files


def test_interrupted_move_goes_on_where_it_stopped(store: Store, tmp_path: Path) -> None:
    target = Store.of("", tmp_path / "target")
    files = with_files(store)

    def stop(done: int, total: int) -> None:
        if done == 3:
            raise StoppedError

    with pytest.raises(StoppedError):
        move_files(store, target, stop)
    assert len(contents(target)) == 3
    assert len(different_files(store, target)) == 4
    moved = move_files(store, target, lambda *_: None)
    assert (moved.copied, moved.there) == (4, 3)
    assert contents(target) == files


def test_file_of_another_size_is_copied_again(store: Store, tmp_path: Path) -> None:
    target = Store.of("", tmp_path / "target")
    store.put("a", b"whole")
    target.put("a", b"hal")
    assert different_files(store, target) == ["a"]
    assert move_files(store, target, lambda *_: None).copied == 1
    assert contents(target) == {"a": b"whole"}


class Vanishing(Store):
    """A store whose file is deleted after it was listed."""

    def names(self) -> list[Stored]:  # type: ignore[override]
        found = [*super().names()]
        self.delete(["gone"])
        return found


def test_file_that_is_deleted_on_the_way_is_left_out(tmp_path: Path) -> None:
    source, target = Vanishing(Store.of("", tmp_path / "a").place), Store.of("", tmp_path / "b")
    source.put("gone", b"x")
    source.put("there", b"y")
    assert move_files(source, target, lambda *_: None).copied == 1
    assert contents(target) == {"there": b"y"}


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        (Path("/a/files"), Path("/a/files"), True),
        (Path("/a/files"), Path("/a/x/../files"), True),
        (Path("/a/files"), Path("/a/files/more"), True),
        (Path("/a/files"), Path("/a"), True),
        (Path("/a/files"), Path("/a/files2"), False),
        (Path("/a/files"), Bucket(name="files"), False),
        (Bucket(name="files"), Bucket(name="files", key_id="k", secret="s"), True),
        (Bucket(name="files", prefix="a"), Bucket(name="files", prefix="a/b"), True),
        (Bucket(name="files", prefix="a"), Bucket(name="files"), True),
        (Bucket(name="files", prefix="a"), Bucket(name="files", prefix="ab"), False),
        (Bucket(name="files"), Bucket(name="files", endpoint="http://other"), False),
        (Bucket(name="files"), Bucket(name="other"), False),
    ],
)
def test_places_that_overlap_are_known(one: Path | Bucket, other: Path | Bucket, expected: bool) -> None:
    assert overlap(one, other) is overlap(other, one) is expected


def test_trial_of_a_good_store_leaves_nothing(store: Store) -> None:
    assert store_fault(store) is None
    assert [*store.names()] == []


class Forgetful(Store):
    """A store that takes files and has others."""

    def read(self, name: str) -> list[bytes]:  # type: ignore[override]
        return [b"other"]


def test_trial_notices_a_store_that_returns_other_content(folder: Path) -> None:
    assert store_fault(Forgetful(Store.of("", folder).place)) == OTHER_CONTENT
