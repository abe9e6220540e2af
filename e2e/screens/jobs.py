"""The states of jobs and of the page that asks for one, and how to reach them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import Page, expect
from sqlalchemy import select

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.jobs.files import FileWriter
from dashboard.jobs.models import Job
from dashboard.jobs.models import State as JobState
from e2e.screens.state import State, at
from e2e.server import Console, email_of

EXPORT = "/admin/products/export/"


def add_job(server: Console, state: JobState, **values: Any) -> int:
    """Add a job of the editor, with a file where it is done, and return its number."""
    with server.database() as session:
        owner = session.scalars(select(User.id).where(User.email == email_of("editor"))).one()
        job = Job(work="export", title="Products as CSV", owner_id=owner, params="{}", state=state, **values)
        session.add(job)
        session.flush()
        if state is JobState.DONE:
            file = FileWriter(job.id, "products-2026-11-29.csv", "text/csv")
            file.add(b"name\r\nLamp\r\n")
            file.write(session, is_last=True)
        return job.id


def job_that(state: JobState, **values: Any) -> Callable[[Page, Console], None]:
    """Return how to reach the page of a job in this state."""

    def reach(page: Page, server: Console) -> None:
        page.goto(f"/admin/jobs/details/?id={add_job(server, state, **values)}")

    return reach


def running_job(page: Page, server: Console) -> None:
    """The page of a job that is half done, and that no other worker takes."""
    now = clock.now()
    times = {"started_at": now - timedelta(seconds=40), "lease_until": now + timedelta(hours=1)}
    number = add_job(server, JobState.RUNNING, done=480_000, total=1_000_000, **times)
    page.goto(f"/admin/jobs/details/?id={number}")


def several_jobs(page: Page, server: Console) -> None:
    """The list of jobs in every state."""
    for state in JobState:
        add_job(server, state)
    page.goto("/admin/jobs/")


def export_without_columns(page: Page, _server: Console) -> None:
    """The form of an export, sent without a column."""
    page.goto(EXPORT)
    for box in page.get_by_role("group", name="Columns").get_by_role("checkbox").all():
        box.uncheck()
    page.get_by_role("button", name="Export").click()
    expect(page.get_by_role("alert")).to_be_visible()


JOBS = (
    State("form of an export", "editor", at(f"{EXPORT}?q=lamp")),
    State("form of an export with errors", "editor", export_without_columns),
    State("no jobs", "viewer", at("/admin/jobs/")),
    State("jobs", "editor", several_jobs),
    State("job that waits", "editor", job_that(JobState.WAITING)),
    State("job that runs", "editor", running_job),
    State("job that is done", "editor", job_that(JobState.DONE, message="1 product written.")),
    State("job that failed", "editor", job_that(JobState.FAILED, message="Something went wrong.")),
)
