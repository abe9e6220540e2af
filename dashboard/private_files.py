"""Files that hold password hashes and keys: private to the user who runs the console."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

UMASK = 0o077
OTHERS = 0o007
SUFFIXES = ("", "-wal", "-shm", "-journal")  # of a SQLite database


def private_files(instance: Path, database: Path | None) -> list[Path]:
    """The files of an installation that only its user may read, as far as they exist."""
    beside = [Path(f"{database}{suffix}") for suffix in SUFFIXES] if database else []
    return [file for file in (*beside, instance / "secret_key") if os.path.isfile(file)]  # noqa: PTH113


def tighten(instance: Path, database: Path | None) -> None:
    """Make private the files that any user of the machine can read, as earlier versions left them.

    Their folder too, unless it holds other things, as a home or ``/tmp`` does. Files that only a group can
    read were set up so on purpose and stay, as do those of another user.
    """
    files = private_files(instance, database)
    for path in (*files, *_own_folders(files)):
        with suppress(OSError):  # on a file system that is read-only, or has no modes
            _tighten(path)


def _tighten(path: Path) -> None:
    found = path.stat()
    if found.st_mode & OTHERS and found.st_uid == os.geteuid():
        path.chmod(stat.S_IMODE(found.st_mode) & ~UMASK)


def _own_folders(files: Iterable[Path]) -> list[Path]:
    """The folders of `files` that hold nothing else."""
    names = {file.name for file in files}
    with suppress(OSError):
        return [folder for folder in {file.parent for file in files} if _holds_only(folder, names)]
    return []


def _holds_only(folder: Path, names: set[str]) -> bool:
    is_shared = folder.stat().st_mode & stat.S_ISVTX  # as /tmp is, also while it is empty
    return not is_shared and {each.name for each in folder.iterdir()} <= names


def exposed_files(instance: Path, database: Path | None) -> list[Path]:
    """The files of an installation that any user of the machine can read or write."""
    return [file for file in private_files(instance, database) if _is_exposed(file.resolve())]


def _is_exposed(file: Path) -> bool:
    with suppress(OSError):
        return bool(file.stat().st_mode & OTHERS) and all(
            folder.stat().st_mode & stat.S_IXOTH for folder in file.parents
        )
    return False
