"""Which records have or had a file, noted with each change of a list of files that the history records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime

from sqlalchemy import delete, select, update

from dashboard.database.inserts import insert_or_update
from dashboard.database.keys import Key, key_text
from dashboard.database.transactions import AnySession
from dashboard.extensions import db
from dashboard.files.lists import file_fields, stored_keys
from dashboard.files.models import FileUse, StoredFile
from dashboard.history.entries import Entry
from dashboard.history.recording import follow_entries
from dashboard.refusal import Refusal
from dashboard.registry import registry
from dashboard.search.index import among

CORE = {"synchronize_session": False}
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
GONE = "A file of this record is no longer stored, so nothing was changed."


def init_uses() -> None:
    """Note the uses of files whenever the history records a change."""
    follow_entries(note_uses)


def note_uses(session: AnySession, entries: Sequence[Entry]) -> None:
    """Note the records that get files by these changes; raises Refusal where a file is not stored.

    It is part of the transaction of the change, so a committed list only has files that are there.
    """
    uses = {(key, each.kind, key_text(each.key)) for each in entries for key in _keys_after(each)}
    if not uses:
        return
    keys = {key for key, _, _ in uses}
    found = select(StoredFile.key, StoredFile.id).where(among(StoredFile.key, [*keys]))
    numbers: dict[str, int] = {row.key: row.id for row in session.execute(found)}
    if keys - numbers.keys():
        raise Refusal(GONE)
    rows = [
        {"file_id": numbers[key], "record_kind": kind, "record_key": record_key}
        for key, kind, record_key in sorted(uses)
    ]
    dialect = session.connection().dialect.name
    session.execute(insert_or_update(dialect, FileUse).on_conflict_do_nothing(), rows, execution_options=CORE)


def _keys_after(entry: Entry) -> Iterator[str]:
    """The keys of the files that a record has after a change of the list."""
    record = registry().get(entry.kind)
    for name in file_fields(record.types) if record else ():
        if name in entry.fields:
            yield from stored_keys(entry.fields[name][1])


def forget_uses(kind: str, key: Key) -> None:
    """Let nobody get the files that only one record had, as after the erasure of a person.

    The task that looks at all files deletes them at its next turn. The caller commits.
    """
    its = (FileUse.record_kind == kind, FileUse.record_key == key_text(key))
    files = [*db.session.scalars(select(FileUse.file_id).where(*its))]
    db.session.execute(delete(FileUse).where(*its), execution_options=CORE)
    unused = (StoredFile.id.in_(files), StoredFile.id.not_in(select(FileUse.file_id)))
    db.session.execute(
        update(StoredFile).where(*unused).values(stored_by_id=None, stored_at=LONG_AGO),
        execution_options=CORE,
    )
