"""Asking for jobs, cancelling and repeating them. Flows change and flush; the caller commits."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select, update

from dashboard import clock
from dashboard.database.locks import serialise
from dashboard.extensions import db
from dashboard.history.reasons import given_reason
from dashboard.jobs.files import expire_files
from dashboard.jobs.models import OPEN, TITLE_LENGTH, Job, JobFile, State
from dashboard.jobs.works import work_called
from dashboard.preferences import preferences
from dashboard.refusal import Refusal
from dashboard.text.shortening import shortened

ZONE = "zone"
"""The parameter of a job with the zone of the user who asked for it; without it, UTC."""
REASON = "reason"
"""The parameter with the reason for what a job changes."""
MOST_OPEN = 20
"""Jobs of one user that wait or run: more would keep the others waiting."""
CANCELLED = "Cancelled while no worker was doing it."
GIVEN_UP = "Given up. Nothing was changed."


def ask_for(work: str, title: str, *, owner_id: int, params: Mapping[str, Any], record_kind: str = "") -> Job:
    """Add a job in the transaction of what asks for it, so that it exists if and only if that is committed.

    `params` are JSON; the reason that was sent with the request is added to them. Raises Refusal where the
    user has too many open jobs, and LookupError for work that no worker does.
    """
    if work_called(work) is None:
        raise LookupError(f"No job does {work}.")
    _refuse_too_many(owner_id)
    if not preferences().is_utc:  # the days in the address of a list are those of its user
        params = {**params, ZONE: preferences().zone_name}
    job = Job(
        work=work,
        title=shortened(title, TITLE_LENGTH),
        owner_id=owner_id,
        params=json.dumps({**params, **({REASON: reason} if (reason := given_reason()) else {})}),
        record_kind=record_kind,
    )
    db.session.add(job)
    db.session.flush()
    return job


def cancel(job: Job) -> bool:
    """Cancel a job, at once unless a worker is doing it, else after its present step; False where it is over.

    A draft is given up, and its files go. The caller has locked it.
    """
    if job.state.is_over:
        return False
    if job.state is State.DRAFT:
        expire_files(JobFile.job_id == job.id)
        _end(job, GIVEN_UP)
    elif job.state is State.WAITING:
        _end(job, CANCELLED)
    else:
        job.cancel_asked = True
    db.session.flush()
    return True


def _end(job: Job, message: str) -> None:
    job.state, job.ended_at, job.message = State.CANCELLED, clock.now(), message


def can_try_again(job: Job) -> bool:
    """Whether a job failed or was cancelled and can be started again."""
    work = work_called(job.work)
    return job.state in (State.FAILED, State.CANCELLED) and work is not None and work.repeats(job)


def try_again(job: Job) -> None:
    """Let a job that failed or was cancelled wait for a worker again, which goes on where it stopped.

    The caller has locked it. Raises Refusal where it is open or done, or cannot be repeated.
    """
    if not can_try_again(job):
        raise Refusal("This job can't be started again.")
    _refuse_too_many(job.owner_id)
    again = {"state": State.WAITING, "due_at": None, "ended_at": None, "message": "", "worker": ""}
    counts = {"attempts": 0, "cancel_asked": False, "turn": Job.turn + 1, "started_at": None}
    db.session.execute(update(Job).where(Job.id == job.id).values({**again, **counts}))


def number_open(owner_id: int) -> int:
    """How many jobs of a user wait or run."""
    its = select(func.count()).select_from(Job).where(Job.owner_id == owner_id, Job.state.in_(OPEN))
    return db.session.scalar(its) or 0


def _refuse_too_many(owner_id: int) -> None:
    serialise(db.session, f"jobs of {owner_id}")
    if number_open(owner_id) >= MOST_OPEN:
        raise Refusal(f"You have {MOST_OPEN} jobs that have not ended yet. Wait for one, or cancel one.")
