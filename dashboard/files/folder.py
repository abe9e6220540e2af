"""A folder of this machine as the store of files.

A file is written under another name, forced to the disk and renamed, so that after a crash there is either
the whole of it under its own name or nothing.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from stat import S_ISREG
from typing import BinaryIO

from dashboard.files.place import (
    CANNOT_READ,
    CANNOT_STORE,
    FULL,
    MISSING,
    PIECE,
    FileMissing,
    StoreAway,
    Stored,
    StoreFull,
)

NEW = ".new"
"""The folder of files that are being written; it begins with a dot, as no name of a file does."""
ABANDONED_AFTER = 24 * 60 * 60.0
"""Seconds after which the rest of a write that was killed is deleted."""
NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
ATTEMPTS = 5
"""How often a folder is made again that a deletion of the last file in it removed at the same moment."""
FOLDER_MODE, FILE_MODE = 0o700, 0o600
logger = logging.getLogger(__name__)


class FolderPlace:
    """Files in a folder; slashes in their names make folders in it. It is made with the first file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __str__(self) -> str:
        return str(self.folder)

    def put(self, name: str, content: bytes | BinaryIO) -> None:
        """Store a file; see `Store.put`."""
        source = BytesIO(content) if isinstance(content, bytes) else content
        new = self.folder / NEW / secrets.token_hex(16)
        with _writing():
            _make_folder(new.parent, self.folder.parent)
            _delete_abandoned(new.parent)
            try:
                new.touch(FILE_MODE, exist_ok=False)
                with new.open("wb") as file:
                    shutil.copyfileobj(source, file, PIECE)
                    file.flush()
                    os.fsync(file.fileno())
                self._rename(new, self.folder / name)
            finally:
                new.unlink(missing_ok=True)

    def pieces(self, name: str) -> Iterator[bytes]:
        """Yield a file in pieces; see `Store.read`."""
        with _reading(), self.folder.joinpath(name).open("rb") as file:
            while piece := file.read(PIECE):
                yield piece

    def size(self, name: str) -> int:
        """Return how many bytes a file has; see `Store.size`."""
        with _reading():
            found = self.folder.joinpath(name).stat()
            if not S_ISREG(found.st_mode):
                raise FileMissing(MISSING)
            return found.st_size

    def delete(self, names: Sequence[str]) -> None:
        """Delete files, and the folders that are empty then; see `Store.delete`."""
        with _writing():
            for name in names:
                file = self.folder / name
                with suppress(FileNotFoundError):
                    file.unlink()
                self._delete_empty(file.parent)

    def files(self) -> Iterator[Stored]:
        """Yield every file; see `Store.names`."""
        with _reading():
            for folder, folders, names in os.walk(self.folder, onerror=_fail):
                folders[:] = [each for each in folders if each != NEW]
                for file in (Path(folder, name) for name in names):
                    with suppress(FileNotFoundError):  # it was deleted since the folder was read
                        found = file.stat()
                        moment = datetime.fromtimestamp(found.st_mtime, UTC)
                        yield Stored(file.relative_to(self.folder).as_posix(), found.st_size, moment)

    def _rename(self, new: Path, file: Path) -> None:
        for _ in range(ATTEMPTS):
            _make_folder(file.parent, self.folder)
            with suppress(FileNotFoundError):
                new.replace(file)
                break
        _force(file.parent)  # raises where no attempt found the folder

    def _delete_empty(self, folder: Path) -> None:
        while folder != self.folder:
            try:
                folder.rmdir()
            except OSError:  # it has other files, or is gone
                return
            folder = folder.parent


def _make_folder(folder: Path, above: Path) -> None:
    """Make a folder and those between it and the one `above`, so that a power failure does not undo it."""
    if folder.is_dir():
        return
    if folder != above:
        _make_folder(folder.parent, above)
    folder.mkdir(FOLDER_MODE, parents=True, exist_ok=True)
    _force(folder.parent)


def _force(folder: Path) -> None:
    """Force to the disk which files a folder has."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _delete_abandoned(folder: Path) -> None:
    """Delete the beginnings of files whose writer was killed."""
    for file in folder.iterdir():
        with suppress(FileNotFoundError):
            if time.time() - file.stat().st_mtime > ABANDONED_AFTER:
                file.unlink()


def _fail(error: OSError) -> None:
    if not isinstance(error, FileNotFoundError):
        raise error


@contextmanager
def _reading() -> Iterator[None]:
    """Turn what the system says about a file to read into what a user can be told."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError) as error:
        raise FileMissing(MISSING) from error
    except OSError as error:
        logger.warning("The folder of files cannot be read: %s", error)
        raise StoreAway(CANNOT_READ) from error


@contextmanager
def _writing() -> Iterator[None]:
    """Turn what the system says about a file to write into what a user can be told."""
    try:
        yield
    except OSError as error:
        logger.warning("The folder of files cannot be written: %s", error)
        if error.errno in NO_ROOM:
            raise StoreFull(FULL) from error
        raise StoreAway(CANNOT_STORE) from error
