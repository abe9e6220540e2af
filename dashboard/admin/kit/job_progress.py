"""How far a job is, on its page and on those that show it among other things."""

from __future__ import annotations

from datetime import timedelta

from flask import request
from flask_login import current_user
from sqlalchemy import select

from dashboard import clock
from dashboard.extensions import db
from dashboard.jobs import flows
from dashboard.jobs.following import stop_following
from dashboard.jobs.models import OPEN, Job, JobFile, State
from dashboard.jobs.undoing import can_undo
from dashboard.jobs.works import work_called
from dashboard.listing.columns import Badge
from dashboard.number_form import number_words
from dashboard.web.security_headers import is_local_address
from dashboard.words import counted

TONES = {State.DONE: "ok", State.FAILED: "bad", State.CANCELLED: "warn"}
LATE = timedelta(seconds=30)
"""How long a job waits before its page says that no worker may be there."""

SHOWN = "shown"
"""The parameter with the address of the page that shows the progress of a job."""


def badge_of(state: State) -> Badge:
    """The state of a job as a badge."""
    return Badge(state.value.capitalize(), TONES.get(state, "neutral"))


def amount(done: int, total: int | None) -> str:
    """How far a job is, in words."""
    return f"{number_words(done)} of {number_words(total)}" if total else number_words(done) if done else ""


def shown_on() -> str:
    """The address of the page that shows the progress of a job, where that is not the page of the job."""
    target = request.values.get(SHOWN, "")
    return target if is_local_address(target) else ""


def whole_file(job: Job) -> JobFile | None:
    """The file that a job made, once it is complete; None where there is none."""
    found: JobFile | None = db.session.scalar(
        select(JobFile).where(JobFile.job_id == job.id, JobFile.is_whole).limit(1)
    )
    return found


def a_worker_works() -> bool:
    """Whether any job is being done, so that one that waits need only wait for its turn."""
    working = select(Job.id).where(Job.state == State.RUNNING, Job.lease_until > clock.now())
    return db.session.scalar(working.limit(1)) is not None


class Follow:
    """The parts of a page about a job that change while a worker does it.

    `shown_on` is the address of that page, where it is another than the page of the job. No message follows
    about an end that it shows.
    """

    def __init__(self, job: Job, shown_on: str = "") -> None:
        if job.state.is_over:
            stop_following(job.id)
        self.job, self.shown_on, self.mine = job, shown_on, job.owner_id == current_user.id
        self.badge = badge_of(job.state)
        work = work_called(job.work)
        has_file = work is not None and work.gives_files and job.state is State.DONE and self.mine
        self.file = whole_file(job) if has_file else None
        self.is_open = job.state in OPEN
        self.page = work.page(job) if work and not self.shown_on else None
        self.can_cancel = not (job.state.is_over or job.cancel_asked)
        self.can_retry = self.mine and flows.can_try_again(job)
        is_undoable = work is not None and work.can_be_undone and self.mine
        self.can_undo = is_undoable and can_undo(job)
        is_late = job.state is State.WAITING and clock.now() - job.asked_at > LATE
        self.has_no_worker = is_late and not a_worker_works()

    @property
    def words(self) -> str:
        """How far the job is."""
        return amount(self.job.done, self.job.total)

    @property
    def left(self) -> str:
        """How long it may still take, from the rate so far; empty where nobody can tell."""
        job = self.job
        if not (job.state is State.RUNNING and job.started_at and job.done and job.total):
            return ""
        passed = (clock.now() - job.started_at).total_seconds()
        rate = job.done / max(passed, 0.1)
        seconds = max(1, round((job.total - job.done) / rate))
        about = counted(seconds, "second") if seconds < 90 else counted(round(seconds / 60), "minute")
        return f"{number_words(rate, 0)} a second, about {about} left"
