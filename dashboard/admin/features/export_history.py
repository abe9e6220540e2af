"""The lines that exports leave in the history, in the same way for downloads, jobs and commands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask_login import current_user

from dashboard.admin.kit.screen import Screen
from dashboard.database.keys import key_of
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.exports import ExportedFile, record_file, record_people
from dashboard.listing.result_set import SLICE, ResultSet
from dashboard.listing.state import ListState

RecordPeople = Callable[[Sequence[Any]], None]
"""Records in the history whose data is in a file, from their keys."""


class ExportHistory:
    """The history of the exports of a screen: it records each file.

    ``people`` is None where its records are not about people: a file then leaves one line, not one a record.
    """

    def __init__(self, screen: Screen, people: RecordPeople | None = None) -> None:
        self.screen = screen
        self.people = people or (self._each_person if screen.record.personal else None)

    @property
    def keeps_keys(self) -> bool:
        """Whether it needs the keys of all records in a file."""
        return self.people is not None

    def record(self, file: ExportedFile, keys: Sequence[Any]) -> None:
        """Record a file in this transaction; `keys` are those of its records where `keeps_keys` says so."""
        if self.people is None:
            record_file(db.session, self.screen.kind, file)
        else:
            self.people(keys)

    def begin(self, state: ListState, file: ExportedFile) -> None:
        """Record the file of a list that is about to be sent, in a transaction of its own.

        The number of its records is that of this moment.
        """
        matching = ResultSet.of(db.session, self.screen.listing, state)
        number = (
            0 if self.keeps_keys else matching.number
        )  # before the lock, because counting may take a while
        begin_write(db.session)
        keys = [key for its in matching.slices() for key in its] if self.keeps_keys else []
        self.record(file._replace(number=number), keys)
        db.session.commit()
        # The user decides which rows are written, after the session of this request has ended.
        db.session.refresh(current_user._get_current_object())

    def _each_person(self, keys: Sequence[Any]) -> None:
        record = self.screen.record
        for at in range(0, len(keys), SLICE):
            its = (key_of(record.key.type, key) for key in keys[at : at + SLICE])
            record_people(db.session, record.kind, its)
