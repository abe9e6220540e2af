"""Files in the form of a new record: stored when the form is sent, also where something else in it is wrong.

A browser cannot fill in the files of a form that is shown again, so that form names those that are stored.
"""

from __future__ import annotations

from typing import Any

from flask import request
from flask_login import current_user
from wtforms import Field

from dashboard.admin.features.added_files import AddedFiles
from dashboard.admin.features.record_files import RecordFiles, list_of
from dashboard.admin.features.sent_files import accepted, help_words
from dashboard.admin.kit.forms import CONTROL, RecordForm
from dashboard.admin.kit.gate import WRITES
from dashboard.admin.kit.pictures import ShownFile, shown_files, upload_address
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.changing import clean_words
from dashboard.files.lists import WORDS_LENGTH, Attached, AttachedFile, Files
from dashboard.refusal import Refusal
from dashboard.web.forms import mark_made, provided_draft, sent_fields
from dashboard.words import singular


class NewFilesField(Field):  # type: ignore[misc]
    """The files of one list of a new record; its value is that list.

    Its inputs are called ``dashboard-photos-file`` for the list "photos", ``-key`` for each file that was
    stored before and is still ticked, and ``-words-`` with the key for the words typed for it.
    """

    data: Attached = ()

    def __init__(self, label: str, *, declared: Files, files: RecordFiles, **options: Any) -> None:
        super().__init__(label, **options)
        self.declared, self.files = declared, files
        self.words_length = WORDS_LENGTH
        self.accept, self.description = accepted(declared), help_words(declared)

    def process(self, *_args: Any, **_options: Any) -> None:
        """Begin without files: those that were sent have to be stored first."""
        self.process_errors: list[str] = []
        self.data = ()

    @property
    def names(self) -> str:
        """The beginning of the names of the inputs."""
        return f"{self.name}-"

    @property
    def noun(self) -> str:
        """The noun for one file."""
        return singular(self.label.text.lower())

    @property
    def shown(self) -> list[ShownFile]:
        """The files as the page shows them."""
        return shown_files(self.files.screen.endpoint, self.data, are_pictures=self.declared.are_pictures)

    @property
    def is_opened(self) -> bool:
        """Whether the form is neither sent nor a draft, so that nobody has chosen files yet."""
        return request.method != WRITES and provided_draft() is None

    @property
    def upload_url(self) -> str:
        """The address to which a script sends each file."""
        return upload_address(self.files.screen.endpoint, self.declared.field)

    def take(self, source: Any) -> None:
        """Store the files that were sent; ends the transaction where there are some.

        Those of `source` may be taken too, and a form that is opened as its copy begins with them.
        """
        its = () if source is None else list_of(source, self.declared)
        if self.is_opened:
            self.data = tuple(its)
            return
        added = AddedFiles(self.declared, self.files.screen.kind, current_user.id, self.names, its)
        self.data = tuple(map(self._described, added.of_form(0)))
        self.process_errors += added.refused

    def _described(self, file: AttachedFile) -> AttachedFile:
        typed = sent_fields().get(f"{self.names}words-{file.key}")
        if typed is None:
            return file
        try:
            return file._replace(words=clean_words(typed))
        except Refusal as refusal:
            self.process_errors.append(str(refusal))
            return file._replace(words=typed)


def with_files(form: type[RecordForm], files: RecordFiles) -> type[RecordForm]:
    """The form of a new record with a field for each list of files."""
    fields = {
        f"{CONTROL}{name}": NewFilesField(files.label(declared), declared=declared, files=files)
        for name, declared in files.declared.items()
    }
    made = type(form.__name__, (form,), {**fields, "__module__": form.__module__})
    mark_made(made)
    return made


def take_files(form: RecordForm, source: Any) -> None:
    """Store the files that were sent with the form of a new record, and begin its transaction again.

    Their lists become values that the record is given besides those of the form. ``source`` is the record
    that it began as a copy of, if any.
    """
    its = [field for field in form if isinstance(field, NewFilesField)]
    for field in its:
        field.take(source)
    if its and form.is_submitted():
        begin_write(db.session)  # storing ended the transaction
    form.given = {field.declared.field: field.data for field in its if field.data}
