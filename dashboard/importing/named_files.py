"""The files that cells name: found in the ZIP of an import, checked, and stored before rows get them."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO, NamedTuple

from flask import current_app
from sqlalchemy import select

from dashboard import clock
from dashboard.extensions import db
from dashboard.files.lists import Files
from dashboard.files.models import StoredFile
from dashboard.files.place import StoreAway
from dashboard.files.storing import TOO_LARGE, check_upload, store_upload
from dashboard.importing.archive import Archive, Entry
from dashboard.refusal import Refusal
from dashboard.sheets.several import separated
from dashboard.text.shortening import quoted
from dashboard.words import counted, size_words

REUSED_FOR = timedelta(hours=12)
"""How long a file that no record has is given to rows: the task that deletes such files waits for a day."""


@dataclass(slots=True)
class NamedFile:
    """A file that a cell names: ``fault`` says why it is not taken, ``digest`` is that of its bytes.

    ``key`` is that of the stored file; blank until it is stored.
    """

    name: str
    declared: Files
    digest: str = ""
    fault: str = ""
    key: str = ""
    entry: Entry | None = None


class FilePurpose(NamedTuple):
    """The import that files are for: the kind of record, its user, and whether it only checks."""

    kind: str
    user_id: int
    only_checks: bool


class NamedFiles:
    """Finds the files that cells name in a ZIP whose table is in `folder`; `tell` is called before each.

    A check decodes every picture. An import stores them, and needs no more than their digests before.
    """

    def __init__(self, archive: Archive, folder: str, purpose: FilePurpose, tell: Callable[[], None]) -> None:
        self.archive, self.folder, self.purpose, self.tell = archive, folder, purpose, tell
        self.known: dict[tuple[str, str], NamedFile] = {}

    def in_cell(self, declared: Files, cell: str) -> Sequence[NamedFile]:
        """The files that a cell names, without those that are the same as one before."""
        names = separated(cell)
        if len(names) > declared.max:
            return [NamedFile(cell, declared, fault=f"At most {counted(declared.max, 'file')}.")]
        found = [self._found(declared, name) for name in names]
        return [*{each.digest or each.name: each for each in found}.values()]

    def _found(self, declared: Files, name: str) -> NamedFile:
        try:
            entry = self.archive.find(name, self.folder)
        except Refusal as refusal:
            return NamedFile(name, declared, fault=str(refusal))
        place = (declared.field, entry.path)
        if place not in self.known:
            self.tell()
            self.known[place] = self._looked_at(declared, entry)
        return self.known[place]

    def _looked_at(self, declared: Files, entry: Entry) -> NamedFile:
        file = NamedFile(entry.name, declared, entry=entry)
        try:
            with self._copy(entry, file) as copy:
                if self.purpose.only_checks:
                    check_upload(copy, declared)
        except Refusal as refusal:
            file.fault = f"{quoted(entry.name)}: {refusal}"
        return file

    @contextmanager
    def _copy(self, entry: Entry, file: NamedFile) -> Iterator[BinaryIO]:
        """The bytes of an entry in a file without a name, which is gone afterwards; notes their digest."""
        most: int = current_app.extensions["settings"].files.bytes
        with tempfile.TemporaryFile() as copy:
            file.digest = self.archive.copy(entry, copy, most, TOO_LARGE.format(size_words(most)))
            yield copy

    def store(self, file: NamedFile) -> None:
        """Store a file and note its key, or why it is not taken; ends the transaction.

        Raises StoreAway where no file can be stored.
        """
        if file.key or file.fault or file.entry is None:
            return
        self.tell()
        file.key = self._stored_before(file)
        if not file.key:
            try:
                with self._copy(file.entry, file) as copy:
                    kind, user_id, _ = self.purpose
                    file.key = store_upload(copy, file.name, file.declared, kind, user_id).key
            except StoreAway:
                raise
            except Refusal as refusal:
                file.fault = f"{quoted(file.name)}: {refusal}"

    def _stored_before(self, file: NamedFile) -> str:
        """The key of the same file where this user stored it just before, as for another row; else blank."""
        kind, user_id, _ = self.purpose
        its = (
            StoredFile.upload_digest == file.digest,
            StoredFile.record_kind == kind,
            StoredFile.stored_by_id == user_id,
            StoredFile.stored_at > clock.now() - REUSED_FOR,
            StoredFile.width.is_not(None) if file.declared.are_pictures else StoredFile.width.is_(None),
        )
        return db.session.scalar(select(StoredFile.key).where(*its).limit(1)) or ""
