"""The files that a form adds to a list of a record, and the sentences about those that are not taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flask import request
from sqlalchemy import select
from werkzeug.datastructures import FileStorage

from dashboard.admin.features.sent_files import too_many_words
from dashboard.extensions import db
from dashboard.files.lists import MOST_FILES, Attached, AttachedFile, Files
from dashboard.files.models import StoredFile
from dashboard.files.storing import clean_file_name, is_file_key, store_upload
from dashboard.refusal import Refusal
from dashboard.web.forms import sent_fields
from dashboard.words import counted

REFUSED_LENGTH = 400
"""Characters of a sentence about a refused file that a script sends along."""


class AddedFiles:
    """The files that a form adds: those that it brings, and those that were uploaded before it.

    ``refused`` has a sentence for each that is not taken, also those that a script was told of. ``names``
    stand before the names of all fields about files, where the form has others. ``others`` are files that a
    user may add besides their own, such as those of the record that a new one is a copy of.
    """

    def __init__(
        self, declared: Files, kind: str, user_id: int, names: str = "", others: Attached = ()
    ) -> None:
        self.declared, self.kind, self.user_id, self.names = declared, kind, user_id, names
        self.others = {each.key: each for each in others}
        told = sent_fields().getlist(f"{names}refused")[:MOST_FILES]
        self.refused = [each[:REFUSED_LENGTH] for each in told]

    def of_form(self, number: int) -> list[AttachedFile]:
        """Store the files of the form, for a list that has so many already; ends the transaction."""
        sent = [each for each in request.files.getlist(f"{self.names}file") if each.filename]
        keys = [*dict.fromkeys(sent_fields().getlist(f"{self.names}key")[:MOST_FILES])]
        before = [*self._uploaded(keys)]
        if gone := len(keys) - len(before):
            self.refused.append(f"{counted(gone, 'file')} can no longer be added. Choose another one.")
        room = max(self.declared.max - number, 0)
        if len(before) + len(sent) > room:
            self.refused.append(too_many_words(len(before) + len(sent), room, self.declared))
        return [*before[:room], *self._stored(sent[: max(room - len(before), 0)])]

    def store(self, sent: FileStorage) -> StoredFile:
        """Store one file; raises Refusal."""
        return store_upload(sent.stream, str(sent.filename), self.declared, self.kind, self.user_id)  # type: ignore[arg-type]

    def _stored(self, sent: Sequence[FileStorage]) -> Iterator[AttachedFile]:
        for each in sent:
            try:
                file = self.store(each)
            except Refusal as refusal:
                self.refused.append(f"{clean_file_name(str(each.filename))}: {refusal}")
            else:
                yield _attached(file)

    def _uploaded(self, keys: Sequence[str]) -> Iterator[AttachedFile]:
        """Files that the current user may add to this list of records, in the order of `keys`."""
        its = (
            StoredFile.key.in_(filter(is_file_key, keys)),
            StoredFile.record_kind == self.kind,
            StoredFile.stored_by_id == self.user_id,
        )
        stored = db.session.scalars(select(StoredFile).where(*its))
        fit = {file.key: _attached(file) for file in stored if self._takes(file)}
        found = {**fit, **self.others}
        return (found[key] for key in keys if key in found)

    def _takes(self, file: StoredFile) -> bool:
        """Whether a stored file is of a type that the list takes: it may have been stored for another one."""
        types = self.declared.types
        fits = self.declared.are_pictures or not types or file.media_type in types
        return fits and self.declared.are_pictures is file.is_picture


def _attached(file: StoredFile) -> AttachedFile:
    """A stored file as a list has it: pictures are described later, other files have their name."""
    return AttachedFile(file.key, "" if file.is_picture else file.name)
