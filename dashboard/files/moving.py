"""Moving files from one store to another: they are copied, compared, and stay where they were."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from dashboard.files.store import FileMissing, Store
from dashboard.store_address import Bucket

IN_MEMORY = 8 * 1024 * 1024
"""Bytes of a file from which on it is copied by way of the disk."""


@dataclass
class Moved:
    """The result: how many files were copied now, and how many were there with the same size before."""

    copied: int = 0
    there: int = 0


def overlap(one: Path | Bucket, other: Path | Bucket) -> bool:
    """Whether a place is the other one or a part of it, so that copies would be among the files."""
    if isinstance(one, Path) and isinstance(other, Path):
        return _is_within(one.resolve(), other.resolve())
    if isinstance(one, Bucket) and isinstance(other, Bucket):
        is_same = (one.name, one.endpoint) == (other.name, other.endpoint)
        return is_same and _is_within(PurePosixPath(one.prefix), PurePosixPath(other.prefix))
    return False


def _is_within(one: PurePosixPath | Path, other: PurePosixPath | Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def move_files(source: Store, target: Store, tell: Callable[[int, int], object]) -> Moved:
    """Copy what `target` lacks or has in another size; `tell` gets how many of how many files are done.

    It can be interrupted and started again. Raises `StoreAway` of either store.
    """
    files, moved = [*source.names()], Moved()
    sizes = {each.name: each.size for each in target.names()}
    for number, each in enumerate(files, 1):
        if sizes.get(each.name) == each.size:
            moved.there += 1
        else:
            moved.copied += _copy(source, target, each.name)
        tell(number, len(files))
    return moved


def different_files(source: Store, target: Store) -> list[str]:
    """The names of files that `target` lacks or has in another size."""
    sizes = {each.name: each.size for each in target.names()}
    return [each.name for each in source.names() if sizes.get(each.name) != each.size]


def _copy(source: Store, target: Store, name: str) -> bool:
    """Copy one file; returns whether it was still there."""
    with SpooledTemporaryFile(IN_MEMORY) as file:
        try:
            file.writelines(source.read(name))
        except FileMissing:
            return False
        target.put(name, cast(BinaryIO, file))
    return True
