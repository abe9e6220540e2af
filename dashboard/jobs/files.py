"""Files of jobs: written part by part, so that neither memory nor a transaction has to hold a whole one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from dashboard import clock
from dashboard.database.transactions import AnySession, begin_write
from dashboard.extensions import db
from dashboard.jobs.forgetting import forget_names
from dashboard.jobs.models import Job, JobFile, Part, State
from dashboard.jobs.works import works

PART_BYTES = 256 * 1024
PARTS_AT_ONCE = 16
"""Parts that are deleted together: four megabytes, which take some hundredths of a second."""
LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
PAST_MEMORY = {"synchronize_session": False}


class FileWriter:
    """Writes one file of a job; `add` collects bytes, `write` stores what was collected."""

    def __init__(self, job_id: int, name: str, media_type: str) -> None:
        self.job_id, self.name, self.media_type = job_id, name, media_type
        self.file_id: int | None = None
        self.parts, self.size = 0, 0
        self.buffer = bytearray()

    def add(self, content: bytes) -> bool:
        """Collect bytes; returns whether they fill a part, so that it is time to `write`."""
        self.buffer += content
        return len(self.buffer) >= PART_BYTES

    def write(self, session: AnySession | Connection, *, is_last: bool = False) -> None:
        """Store the bytes collected so far; the file can be opened after the last of them."""
        if self.file_id is None:
            self._begin(session)
        while len(self.buffer) >= PART_BYTES or (is_last and self.buffer):
            content = bytes(self.buffer[:PART_BYTES])
            del self.buffer[:PART_BYTES]
            row = {"file_id": self.file_id, "number": self.parts, "content": content}
            session.execute(insert(Part.__table__).values(row))
            self.parts, self.size = self.parts + 1, self.size + len(content)
        state = update(JobFile.__table__).where(JobFile.id == self.file_id)
        session.execute(state.values(size=self.size, is_whole=is_last))

    def _begin(self, session: AnySession | Connection) -> None:
        """Add the file, in the place of one that an earlier attempt at the job began."""
        its = (JobFile.job_id == self.job_id, JobFile.name == self.name)
        session.execute(delete(JobFile.__table__).where(*its))
        values = {"job_id": self.job_id, "name": self.name, "media_type": self.media_type, "size": 0}
        row = {**values, "is_whole": False, "made_at": clock.now()}
        made = session.execute(insert(JobFile.__table__).values(row).returning(JobFile.id))
        self.file_id = made.scalar_one()


def content_of(file: JobFile) -> Iterator[bytes]:
    """The bytes of a file, a part at a time in memory."""
    number = 0
    part = select(Part.content).where(Part.file_id == file.id)
    while (content := db.session.scalar(part.where(Part.number == number))) is not None:
        yield content
        number += 1


def forget_files(record_kind: str) -> None:
    """Let go what jobs about a kind of record hold of its records; `sweep_files` deletes their files.

    Jobs that are making one begin again: they read the records before this moment.
    """
    begins_again = {"state": State.WAITING, "worker": "", "turn": Job.turn + 1, "attempts": 0}
    running = update(Job).where(Job.record_kind == record_kind, Job.state == State.RUNNING)
    db.session.execute(running.values(begins_again), execution_options=PAST_MEMORY)
    expire_files(JobFile.job_id.in_(select(Job.id).where(Job.record_kind == record_kind)))
    forget_names(record_kind)
    for work in works():
        work.forget(record_kind)


def expire_files(*its: ColumnElement[bool]) -> None:
    """Let nobody open the files with these conditions any more; `sweep_files` deletes them."""
    expired = {"is_whole": False, "made_at": LONG_AGO}
    db.session.execute(update(JobFile).where(*its).values(expired), execution_options=PAST_MEMORY)


def sweep_files(days: int) -> bool:
    """Delete a part of one file that is older than so many days, and commit; returns whether there was one.

    Deleting a large file at once would keep others from writing.
    """
    old = select(JobFile.id).where(JobFile.made_at < clock.now() - timedelta(days=days))
    file_id = db.session.scalar(old.order_by(JobFile.made_at).limit(1))
    if file_id is None:
        return False
    begin_write(db.session)
    numbers = select(Part.number).where(Part.file_id == file_id).order_by(Part.number).limit(PARTS_AT_ONCE)
    parts = [*db.session.scalars(numbers)]
    its = (Part.file_id == file_id, Part.number.in_(parts))
    db.session.execute(delete(Part).where(*its), execution_options=PAST_MEMORY)
    gone = delete(JobFile) if len(parts) < PARTS_AT_ONCE else update(JobFile).values(is_whole=False)
    db.session.execute(gone.where(JobFile.id == file_id), execution_options=PAST_MEMORY)
    db.session.commit()
    return True
