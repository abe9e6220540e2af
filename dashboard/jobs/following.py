"""The jobs that a browser asked for: how many still run, and a message when one ends.

Their numbers are kept in the session cookie, so that pages of everyone else ask nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import flash, request, session
from sqlalchemy import select

from dashboard.extensions import db
from dashboard.jobs.models import Job, State

FOLLOWED = "jobs"
MOST_FOLLOWED = 20
TONES = {State.DONE: "success", State.FAILED: "error", State.CANCELLED: "warning"}


def follow(job_id: int) -> None:
    """Tell this browser when the job ends."""
    session[FOLLOWED] = [*_followed(), job_id][-MOST_FOLLOWED:]


def stop_following(job_id: int) -> None:
    """Tell nothing more of a job, for a page shows how it ended."""
    _keep([each for each in _followed() if each != job_id])


def number_running() -> int:
    """How many of the followed jobs have not ended; flashes a message for each that has."""
    followed = _followed()
    if not followed or request.method != "GET":
        return len(followed)
    found = db.session.execute(select(Job.id, Job.state, Job.title, Job.message).where(Job.id.in_(followed)))
    jobs = [*found]
    for job in jobs:
        if job.state.is_over:
            flash(f"{job.title}: {job.message}", TONES[job.state])
    running = [job.id for job in jobs if not job.state.is_over]
    _keep(running)
    return len(running)


def _followed() -> Sequence[int]:
    found: Sequence[int] = session.get(FOLLOWED, ())
    return found


def _keep(numbers: Sequence[int]) -> None:
    if numbers != _followed():
        session[FOLLOWED] = numbers
    if not numbers:
        session.pop(FOLLOWED, None)
