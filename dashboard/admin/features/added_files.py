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
from dashboard.files.storing import clean_file_name, store_upload
from dashboard.refusal import Refusal
from dashboard.web.forms import sent_fields

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
        before = [*self._uploaded(sent_fields().getlist(f"{self.names}key")[:MOST_FILES])]
        room = max(self.declared.max - number - len(before), 0)
        if len(sent) > room:
            self.refused.append(too_many_words(len(sent), room, self.declared))
        return [*before, *self._stored(sent[:room])]

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
        """Files that the current user may add to records of this kind, in the order of `keys`."""
        its = (
            StoredFile.key.in_(keys),
            StoredFile.record_kind == self.kind,
            StoredFile.stored_by_id == self.user_id,
        )
        stored = {file.key: _attached(file) for file in db.session.scalars(select(StoredFile).where(*its))}
        found = {**stored, **self.others}
        return (found[key] for key in dict.fromkeys(keys) if key in found)


def _attached(file: StoredFile) -> AttachedFile:
    """A stored file as a list has it: pictures are described later, other files have their name."""
    return AttachedFile(file.key, "" if file.is_picture else file.name)
