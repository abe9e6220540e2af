"""Files that are replaced as a whole: written beside the old one, then moved to its place."""

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
    """Yield a UTF-8 stream into `file`; an old file is unchanged unless everything can be written.

    Devices, pipes and names of this process's own output are written to directly. Raises OSError.
    """
    if is_stream(file):
        with open(file, "a", encoding="utf-8", newline="") as output:  # noqa: PTH123 - truncating would lose lines before ``>>``
            yield output
    else:
        with replaced(file) as output:
            yield output


def is_stream(file: str) -> bool:
    """Whether `file` is no regular file, or is a link to an open one, as ``/dev/stdout`` does."""
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
    """Yield a new file that replaces `file`, or the target of a link, with its mode and its owner.

    If the body or the writing fails, nothing is changed and no file is left. Raises OSError.
    """
    place = Path(os.path.realpath(file))
    _refuse_read_only(file)
    descriptor, draft = _draft_beside(place)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as output:
            yield output
            output.flush()
            os.fsync(descriptor)  # otherwise a power cut could leave neither the old file nor the new one
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
