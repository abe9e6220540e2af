"""Jobs that are asked for, cancelled and started again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dashboard.extensions import db
from dashboard.history.recording import describe
from dashboard.jobs.flows import MOST_OPEN
from dashboard.jobs.models import Job, State
from dashboard.jobs.run import request_id
from dashboard.testing.accounts import the_account
from dashboard.testing.catalogue import a_product
from unit.races.scenarios import MAKERS, for_each_screen, number_of, one, people_for, race, stored
from unit.races.track import Entrant, Race, Track

COLUMN = {"products": "name", "categories": "name", "users": "email"}


def a_job(state: State = State.WAITING) -> Job:
    """A job of the editor."""
    job = Job(work="export", title="List", owner_id=the_account("editor").id, params="{}", state=state)
    db.session.add(job)
    db.session.flush()
    return job


def so_many_jobs(number: int) -> Callable[[Sequence[Entrant]], None]:
    def holds(_winners: Sequence[Entrant]) -> None:
        assert number_of(Job) == number

    return holds


@for_each_screen("export/")
def ask_for_files(track: Track, screen: str) -> Race:
    fields = {"format": "csv", "column": COLUMN[screen]}
    sent = track.bare(people_for(track, screen), f"/admin/{screen}/export/", **fields)
    return Race(sent, winners=track.everyone, holds=so_many_jobs(track.number))


@for_each_screen("action/ export")
def ask_for_a_file_of_selected_records(track: Track, screen: str) -> Race:
    key = one(track, MAKERS[screen])
    fields = {"action": "export", "stage": "export", "format": "csv", "column": COLUMN[screen]}
    sent = track.bare(people_for(track, screen), f"/admin/{screen}/action/", **fields, rowid=key)
    return Race(sent, winners=track.everyone, holds=so_many_jobs(track.number))


@race("/admin/products/export/")
def ask_for_the_last_job_allowed(track: Track) -> Race:
    track.store(lambda: [a_job() for _ in range(MOST_OPEN - 1)])
    sent = track.bare(track.browsers("editor"), "/admin/products/export/", format="csv", column="name")
    return Race(sent, holds=so_many_jobs(MOST_OPEN))


@race("/admin/jobs/cancel/")
def cancel_a_job(track: Track) -> Race:
    key = one(track, a_job)
    sent = track.bare(track.browsers("editor"), "/admin/jobs/cancel/", id=key)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(Job, key).state is State.CANCELLED

    return Race(sent, holds=holds)


@race("/admin/jobs/retry/")
def start_a_job_again(track: Track) -> Race:
    key = one(track, lambda: a_job(State.FAILED))
    sent = track.bare(track.browsers("editor"), "/admin/jobs/retry/", id=key)

    def holds(_winners: Sequence[Entrant]) -> None:
        assert stored(Job, key).state is State.WAITING

    return Race(sent, holds=holds)


@race("/admin/jobs/undo/")
def undo_what_a_job_did(track: Track) -> Race:
    key = one(track, a_job_that_made_a_product)
    sent = track.bare(track.browsers("editor"), "/admin/jobs/undo/", id=key)
    return Race(sent, winners=track.everyone, holds=so_many_jobs(2))


def a_job_that_made_a_product() -> Job:
    """A job that is done, whose change set has its number."""
    job = a_job(State.DONE)
    job.work, job.record_kind, job.checkpoint = "bulk", "products", '{"since": 0}'
    db.session.commit()  # the next change set is its own
    describe(db.session, request_id=request_id(job.id))
    a_product()
    return job
