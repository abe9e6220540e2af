"""Deleting files that no record has, and that no undo, restore or revert can give to one again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice

from flask import Flask
from sqlalchemy import delete, select

from dashboard import clock
from dashboard.background.tasks import Task, add_task
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.files.models import FileUse, StoredFile
from dashboard.files.store import Stored, files_store
from dashboard.files.storing import part_names
from dashboard.registry import registry
from dashboard.search.index import among

EVERY = timedelta(hours=1)
UNUSED_FOR = timedelta(days=1)
"""How long a file is kept that no record has: the page on which it was uploaded may still be open."""
AT_ONCE = 200
PAST_MEMORY = {"synchronize_session": False}


class Sweeper:
    """Looks at all files in turn, some at a time."""

    def __init__(self) -> None:
        self.last = 0
        """The number of the last file that was looked at; 0 before the first."""

    def step(self) -> bool:
        """Delete those of the next files that no record can get back; returns whether there are more.

        After the last one, deletes what the store has without a row: a crash can leave that.
        """
        old = StoredFile.stored_at < clock.now() - UNUSED_FOR
        its = select(StoredFile.id).where(StoredFile.id > self.last, old).order_by(StoredFile.id)
        ids = [*db.session.scalars(its.limit(AT_ONCE))]
        self.last = ids[-1] if len(ids) == AT_ONCE else 0
        delete_unused(ids)
        if not self.last:
            delete_without_row()
        return bool(self.last)


def init_sweeping(app: Flask) -> None:
    """Add the task that deletes files of `app` which no record can get back."""
    add_task(app, Task("delete files that no record has", EVERY, Sweeper().step))


def delete_unused(ids: Sequence[int]) -> int:
    """Delete those of the files with these numbers that no record can get back, and commit.

    Returns how many there were. The rows go first: a crash then leaves only bytes without a row.
    """
    if not (wanted := _unused(ids)):
        db.session.rollback()
        return 0
    begin_write(db.session)
    unused = _unused(wanted)  # a record may have got one of them before the lock
    keys = [*db.session.scalars(select(StoredFile.key).where(StoredFile.id.in_(unused)))]
    for model, column in ((FileUse, FileUse.file_id), (StoredFile, StoredFile.id)):
        db.session.execute(delete(model).where(column.in_(unused)), execution_options=PAST_MEMORY)
    db.session.commit()
    files_store().delete([name for key in keys for name in part_names(key)])
    return len(keys)


def _unused(ids: Sequence[int]) -> list[int]:
    """Those of these files that no record has or can get back."""
    uses = select(FileUse.file_id, FileUse.record_kind, FileUse.record_key).where(FileUse.file_id.in_(ids))
    by_kind: dict[str, dict[str, set[int]]] = defaultdict(lambda: defaultdict(set))
    for file_id, kind, key in db.session.execute(uses):
        by_kind[kind][key].add(file_id)
    kept = {
        file_id
        for kind, its in by_kind.items()
        for key in its.keys() - _lost(kind, [*its])
        for file_id in its[key]
    }
    return [file_id for file_id in ids if file_id not in kept]


def _lost(kind: str, texts: Sequence[str]) -> set[str]:
    """Those of these records that are permanently gone; none of a kind that the console does not have now."""
    record = registry().get(kind)
    if record is None:
        return set()
    keys = {record.key_from(text): text for text in texts}
    there = record.reverting.read([*keys], lock=False)
    gone = [key for key in keys if key not in there]
    lost = record.reverting.lost(gone, lock=False) if record.can_restore else gone
    return {keys[key] for key in lost}


def delete_without_row() -> int:
    """Delete what the store has had for a day without a row in the database; returns how many parts."""
    long_ago, number = clock.now() - UNUSED_FOR, 0
    old = (each for each in files_store().names() if each.stored_at < long_ago)
    for some in _in_slices(old):
        keys = {_key_of(each.name) for each in some}
        known = {*db.session.scalars(select(StoredFile.key).where(among(StoredFile.key, [*keys])))}
        db.session.rollback()
        names = [each.name for each in some if _key_of(each.name) not in known]
        files_store().delete(names)
        number += len(names)
    return number


def _key_of(name: str) -> str:
    """The key of the file that a name in the store belongs to."""
    _, _, rest = name.partition("/")
    return rest.partition("/")[0]


def _in_slices(found: Iterable[Stored]) -> Iterator[list[Stored]]:
    each = iter(found)
    while some := [*islice(each, AT_ONCE)]:
        yield some
