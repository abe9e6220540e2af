"""Jobs and their files, as rows."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Enum, ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from dashboard import clock
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.history.models import KIND_LENGTH

if TYPE_CHECKING:
    from dashboard.accounts.models import User

WORK_LENGTH = 40
TITLE_LENGTH = 200
MESSAGE_LENGTH = 500
WORKER_LENGTH = 32
FILE_NAME_LENGTH = 200
MEDIA_TYPE_LENGTH = 100


class State(StrEnum):
    """The state of a job; of a draft its user has yet to say what it is to do."""

    DRAFT = "draft"
    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_over(self) -> bool:
        """Whether the job has ended, in whichever way."""
        return self not in (State.DRAFT, *OPEN)


OPEN = (State.WAITING, State.RUNNING)
"""The states of jobs that a worker has yet to end."""


class Job(db.Model):  # type: ignore[name-defined, misc]
    """Work called ``work`` that the user ``owner_id`` asked for, about records of ``record_kind``.

    ``params`` and ``checkpoint`` are JSON: what was asked for, and how far it is. Every write of its worker
    raises ``turn``, by which a worker that lost the job finds out. ``done`` counts up to ``total``, which
    may not be known yet. ``lease_until`` is when another worker may take the job, ``due_at`` the moment
    before which it is not tried again after an outage, ``attempts`` how often it was taken since it last got
    further. ``message`` says how it ended, or why it waits.
    """

    __tablename__ = "jobs"
    __table_args__ = (
        Index("ix_jobs_state_id", "state", "id"),
        Index("ix_jobs_owner_id_id", "owner_id", "id"),
        {"sqlite_autoincrement": True},  # the address of a job must not lead to another one
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    work: Mapped[str] = mapped_column(String(WORK_LENGTH))
    record_kind: Mapped[str] = mapped_column(String(KIND_LENGTH), default="")
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    owner_id: Mapped[int] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    params: Mapped[str] = mapped_column(Text)
    state: Mapped[State] = mapped_column(
        Enum(State, native_enum=False, length=WORK_LENGTH, values_callable=lambda words: [*words]),
        default=State.WAITING,
    )
    checkpoint: Mapped[str] = mapped_column(Text, default="{}")
    turn: Mapped[int] = mapped_column(default=0)
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]
    message: Mapped[str] = mapped_column(String(MESSAGE_LENGTH), default="")
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    worker: Mapped[str] = mapped_column(String(WORKER_LENGTH), default="")
    attempts: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    cancel_asked: Mapped[bool] = mapped_column(default=False)

    owner: Mapped[User] = relationship("User")
    files: Mapped[list[JobFile]] = relationship(back_populates="job", passive_deletes=True)


class JobFile(db.Model):  # type: ignore[name-defined, misc]
    """A file that a job made or was given; its bytes are its `Part` rows, so that every node has them."""

    __tablename__ = "job_files"
    __table_args__ = ({"sqlite_autoincrement": True},)

    id: Mapped[int] = mapped_column(primary_key=True)
    job_id: Mapped[int] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(FILE_NAME_LENGTH))
    media_type: Mapped[str] = mapped_column(String(MEDIA_TYPE_LENGTH))
    size: Mapped[int] = mapped_column(default=0)
    is_whole: Mapped[bool] = mapped_column(default=False)
    made_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)

    job: Mapped[Job] = relationship(back_populates="files")


class Part(db.Model):  # type: ignore[name-defined, misc]
    """A part of a file, in the order of ``number``."""

    __tablename__ = "job_file_parts"

    file_id: Mapped[int] = mapped_column(ForeignKey("job_files.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
