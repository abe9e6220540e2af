"""Files that are replaced as a whole: written beside the old one, and put in its place at the end."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES
from pathlib import Path
from tempfile import mkstemp
from typing import IO

MOST_LINKS = 40  # as Linux follows


@contextmanager
def output_to(file: str) -> Iterator[IO[str]]:
    """Text in UTF-8 that goes to `file`; an old file stays as it is unless everything can be written.

    A device, a pipe, or this process's output under a name is written to as it is. Raises OSError.
    """
    if is_stream(file):
        with open(file, "a", encoding="utf-8", newline="") as output:  # noqa: PTH123 - truncating would lose lines before ``>>``
            yield output
    else:
        with replaced(file) as output:
            yield output


def is_stream(file: str) -> bool:
    """Whether `file` is no regular file, or leads to one that is open already, as ``/dev/stdout`` does."""
    path = Path(file)
    for _ in range(MOST_LINKS):
        if path.parent.resolve().is_relative_to("/proc"):
            return True
        if not path.is_symlink():
            break
        path = path.parent / path.readlink()
    return path.exists() and not path.is_file()


@contextmanager
def replaced(file: str) -> Iterator[IO[str]]:
    """A new file that takes the place of `file`, or of what it links to, with its mode and its owner.

    Nothing is changed and nothing is left where the body or writing fails. Raises OSError.
    """
    place = Path(os.path.realpath(file))
    _refuse_read_only(file)
    descriptor, draft = _draft_beside(place)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as output:
            yield output
            output.flush()
            os.fsync(descriptor)  # else a power cut could leave neither the old nor the new
            _take_over(place, descriptor)
        draft.replace(place)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise


def _refuse_read_only(file: str) -> None:
    with suppress(FileNotFoundError):
        Path(file).stat()  # raises now for a name too long or a circle of links, not after writing
        if not os.access(file, os.W_OK, effective_ids=os.access in os.supports_effective_ids):
            raise PermissionError(EACCES, os.strerror(EACCES))  # replacing the file would get around its mode


def _draft_beside(place: Path) -> tuple[int, Path]:
    try:
        descriptor, name = mkstemp(dir=place.parent, prefix=".export-", suffix=".part")
    except PermissionError as error:
        raise PermissionError(error.errno, f"nothing can be written into {place.parent}") from error
    return descriptor, Path(name)


def _take_over(place: Path, descriptor: int) -> None:
    with suppress(FileNotFoundError):
        old = place.stat()
        for owner in ((-1, old.st_gid), (old.st_uid, -1)):
            with suppress(PermissionError):
                os.fchown(descriptor, *owner)
        os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
