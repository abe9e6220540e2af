"""A ZIP of an export, written while its table and files are read: first the table, then the files."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Iterator

from dashboard import clock
from dashboard.admin.features.export_files import MOST_BYTES, TOO_LARGE, ZippedFiles
from dashboard.extensions import db
from dashboard.files.place import FileMissing
from dashboard.files.store import files_store
from dashboard.refusal import Refusal

MEDIA_TYPE = "application/zip"
FIRST_YEAR = 1980


class Written:
    """The bytes of a ZIP, which `taken` hands over as they come."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []
        self.size = 0

    def write(self, content: bytes) -> int:
        """Take bytes."""
        self.pieces.append(bytes(content))
        self.size += len(content)
        return len(content)

    def flush(self) -> None:
        """Do nothing: nothing waits here."""

    def taken(self) -> bytes:
        """The bytes that came since this was asked for last; raises Refusal where all are too many."""
        if self.size > MOST_BYTES:
            raise Refusal(TOO_LARGE)
        content, self.pieces = b"".join(self.pieces), []
        return content


def zip_pieces(name: str, table: Iterable[bytes], files: ZippedFiles) -> Iterator[bytes]:
    """The bytes of a ZIP with a table called `name` and the files that its rows named, in pieces.

    A file that was lost since is counted as missing.
    """
    written = Written()
    # Closing it writes a directory, so that it is left open where something fails.
    archive = zipfile.ZipFile(written, "w")  # type: ignore[call-overload]
    is_text = not name.endswith(".xlsx")
    with archive.open(_entry(name, 0, is_packed=is_text), "w", force_zip64=True) as target:
        for piece in table:
            target.write(piece)
            yield written.taken()
    db.session.rollback()  # the rows of one moment are read, and reading the files may take long
    for file in files.found:
        files.tell()
        try:
            pieces = files_store().read(file.stored_as)
        except FileMissing:
            files.missing += 1
            continue
        with archive.open(_entry(file.path, file.size, is_packed=not file.is_picture), "w") as target:
            for piece in pieces:
                target.write(piece)
                yield written.taken()
    archive.close()
    yield written.taken()


def _entry(path: str, size: int, *, is_packed: bool) -> zipfile.ZipInfo:
    now = clock.now()
    entry = zipfile.ZipInfo(path, (max(now.year, FIRST_YEAR), *now.timetuple()[1:6]))
    entry.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
    entry.file_size, entry.external_attr = size, 0o600 << 16
    return entry
