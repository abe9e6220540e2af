"""Temporary files of a worker, in a folder of its own: after it was killed, the next one deletes them."""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PREFIX = "dashboard-worker-"
HELD = "held"
"""The file that a worker holds locked while it lives; the system lets go of it however the worker ends."""


@contextmanager
def folder_of_its_own() -> Iterator[Path]:
    """Let this process make its temporary files in a folder that no killed process leaves behind for long."""
    usual = tempfile.gettempdir()
    delete_abandoned(Path(usual))
    with tempfile.TemporaryDirectory(prefix=PREFIX) as folder, Path(folder, HELD).open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        tempfile.tempdir = folder
        try:
            yield Path(folder)
        finally:
            tempfile.tempdir = usual


def delete_abandoned(place: Path) -> None:
    """Delete the folders of this user's workers that are gone."""
    for folder in place.glob(f"{PREFIX}*"):
        if folder.stat().st_uid == os.getuid() and _is_abandoned(folder / HELD):
            shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(file: Path) -> bool:
    try:
        with file.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:  # held, or not made yet
        return False
    return True
