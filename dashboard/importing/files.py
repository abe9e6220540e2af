"""The file of an import, kept in the database from the upload on, as other files of jobs are.

An import begins as a draft: a job that no worker takes before its user has said what the columns mean.
"""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import ColumnElement, select, update

from dashboard import clock
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.files import PART_BYTES, PAST_MEMORY, FileWriter, content_of, expire_files
from dashboard.jobs.flows import GIVEN_UP
from dashboard.jobs.models import Job, JobFile, Part, State
from dashboard.number_form import number_words
from dashboard.refusal import Refusal
from dashboard.sheets.limits import Limits

MOST_DRAFTS = 5
"""Files of one user that wait to be imported; an older one is given up for a newer one."""
PARTS_AT_ONCE = 8
GONE = "The file of this import is no longer kept. Upload it again."
GIVEN, TABLE, UNPACKED = "application/octet-stream", "text/csv", "application/x-unpacked-table"
"""The types of the file as it was uploaded, of the text made of a workbook, and of the table in a ZIP."""
REPLACED = "Other files were uploaded since."


class StoredBytes(io.RawIOBase):
    """The bytes of a stored file, which can be read from anywhere; one part of them is in memory."""

    def __init__(self, file: JobFile) -> None:
        super().__init__()
        self.file_id, self.size, self.at = file.id, file.size, 0
        self.number, self.part = -1, b""

    def readable(self) -> bool:
        """Whether it can be read."""
        return True

    def seekable(self) -> bool:
        """Whether it can be read from anywhere."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go to a place."""
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self.at, io.SEEK_END: self.size}[whence]
        self.at = max(0, begin + offset)
        return self.at

    def tell(self) -> int:
        """The place."""
        return self.at

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """Read into `buffer` what follows, as far as one part has it."""
        number, first = divmod(self.at, PART_BYTES)
        if self.at >= self.size:
            return 0
        if number != self.number:
            its = select(Part.content).where(Part.file_id == self.file_id, Part.number == number)
            found = db.session.connection().scalar(its)
            if found is None:
                raise Refusal(GONE)
            self.number, self.part = number, found
        piece = self.part[first : first + len(buffer)]
        buffer[: len(piece)] = piece
        self.at += len(piece)
        return len(piece)


def begin_draft(
    work: str, title: str, *, owner_id: int, record_kind: str, name: str, source: BinaryIO, limits: Limits
) -> Job:
    """Store a file, and the draft of the import that it is for, in several transactions.

    Raises Refusal for a file that is too large; nothing of it stays.
    """
    begin_write(db.session)
    _give_up_older(work, owner_id)
    job = Job(
        work=work, title=title, owner_id=owner_id, record_kind=record_kind, params="{}", state=State.DRAFT
    )
    db.session.add(job)
    db.session.commit()
    try:
        store(job.id, name, source, limits)
    except Refusal:
        give_up(job)
        raise
    return job


def store(job_id: int, name: str, source: BinaryIO, limits: Limits, media_type: str = GIVEN) -> None:
    """Store a file of a draft, some parts a transaction; raises Refusal where it is too large."""
    writer, is_last = FileWriter(job_id, name, media_type), False
    while not is_last:
        content = source.read(PART_BYTES * PARTS_AT_ONCE)
        is_last = not content
        if writer.size + len(content) > limits.bytes:
            raise Refusal(f"This file is too large. {number_words(limits.bytes)} bytes are allowed.")
        writer.add(content)
        begin_write(db.session)
        writer.write(db.session, is_last=is_last)
        db.session.commit()


def give_up(job: Job, message: str = GIVEN_UP) -> None:
    """End a draft or a check, with a message about its end, and let its files go."""
    _give_up(Job.id == job.id, message)
    db.session.commit()


def _give_up_older(work: str, owner_id: int) -> None:
    its = (Job.work == work, Job.owner_id == owner_id, Job.state == State.DRAFT)
    newest = select(Job.id).where(*its).order_by(Job.id.desc()).limit(MOST_DRAFTS - 1)
    older = [*db.session.scalars(select(Job.id).where(*its, Job.id.not_in(newest)))]
    _give_up(Job.id.in_(older), REPLACED)


def _give_up(its: ColumnElement[bool], message: str) -> None:
    expire_files(JobFile.job_id.in_(select(Job.id).where(its)))
    ended = {"state": State.CANCELLED, "ended_at": clock.now(), "message": message}
    db.session.execute(update(Job).where(its).values(ended), execution_options=PAST_MEMORY)


def stored_file(job_id: int, media_type: str = GIVEN) -> JobFile:
    """The file of an import; raises Refusal where it is no longer kept."""
    its = (JobFile.job_id == job_id, JobFile.media_type == media_type, JobFile.is_whole)
    found: JobFile | None = db.session.scalar(select(JobFile).where(*its).order_by(JobFile.id.desc()))
    if found is None:
        raise Refusal(GONE)
    return found


def has_file(job_id: int) -> bool:
    """Whether the file of an import is still kept."""
    its = (JobFile.job_id == job_id, JobFile.media_type == GIVEN, JobFile.is_whole)
    return db.session.scalar(select(JobFile.id).where(*its).limit(1)) is not None


def opened(file: JobFile) -> BinaryIO:
    """The bytes of a stored file."""
    return io.BufferedReader(StoredBytes(file), PART_BYTES)


@contextmanager
def on_disk(file: JobFile) -> Iterator[Path]:
    """A copy of a stored file on the disk of this machine, which is deleted afterwards."""
    with tempfile.TemporaryDirectory(prefix="dashboard-import-") as folder:
        path = Path(folder, "file")
        with path.open("wb") as target:
            target.writelines(content_of(file))
        yield path
