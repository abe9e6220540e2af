"""How long jobs and their files are kept."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, current_app
from sqlalchemy import and_, delete, or_, select

from dashboard import clock
from dashboard.background.tasks import Task, add_task
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.files import PAST_MEMORY, sweep_files
from dashboard.jobs.models import OPEN, Job, JobFile, State

EVERY = timedelta(minutes=1)
JOBS_KEPT = timedelta(days=90)
"""How long a job is listed after it ended; the history keeps what it changed."""
SWEPT_AT_ONCE = 500


def file_days() -> int:
    """For how many days files of jobs are kept."""
    return int(current_app.extensions["settings"].job_file_days)


def init_jobs(app: Flask) -> None:
    """Add the task that deletes old files and jobs of `app` every minute."""
    add_task(app, Task("delete old files and jobs", EVERY, sweep))


def sweep() -> bool:
    """Delete a part of an old file, or some old jobs, and commit; returns whether there may be more."""
    if sweep_files(file_days()):
        return True
    if not (jobs := _old_jobs()):
        return False  # without the lock that writing takes
    begin_write(db.session)
    db.session.execute(delete(Job).where(Job.id.in_(jobs)), execution_options=PAST_MEMORY)
    db.session.commit()
    return True


def _old_jobs() -> list[int]:
    long_ago = clock.now() - JOBS_KEPT
    is_old = or_(Job.ended_at < long_ago, and_(Job.state == State.DRAFT, Job.asked_at < long_ago))
    ended = (Job.state.not_in(OPEN), is_old)
    without_files = Job.id.not_in(select(JobFile.job_id))
    return [*db.session.scalars(select(Job.id).where(*ended, without_files).limit(SWEPT_AT_ONCE))]
