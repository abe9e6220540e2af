"""The work that jobs can do: each kind is added to an application once, by its name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Flask, current_app

from dashboard.jobs.models import WORK_LENGTH

if TYPE_CHECKING:
    from dashboard.jobs.models import Job
    from dashboard.jobs.run import Run

WORKS = "works_of_jobs"


def _no_page(_job: Job) -> None:
    """Return no address."""


def _always(_job: Job) -> bool:
    """Say yes of every job."""
    return True


def _forget_nothing(_record_kind: str) -> None:
    """Forget nothing."""


@dataclass(frozen=True)
class Work:
    """Work that jobs do.

    ``do`` does it within an application context, logged in as the owner of the job, and returns the message
    about its end. It may be called again for the same job after a crash, and goes on at ``run.checkpoint``.
    It raises Refusal where the work cannot be done, with the reason. ``undoes`` says that it is called though
    the job is to be cancelled, because it undoes what it did; ``can_be_undone`` that the page of the job
    offers to undo what it wrote in steps. ``gives_files`` says that the files of the job are its result.
    ``page`` gives the address of the page about a job that shows more. ``repeats`` says whether a job that
    failed or was cancelled can be started again. ``forget`` deletes what jobs about a kind of record hold of
    its records besides files.
    """

    name: str
    do: Callable[[Run], str]
    undoes: bool = False
    can_be_undone: bool = False
    gives_files: bool = False
    page: Callable[[Job], str | None] = _no_page
    repeats: Callable[[Job], bool] = _always
    forget: Callable[[str], None] = _forget_nothing


def add_work(app: Flask, work: Work) -> None:
    """Let the workers of `app` do `work`; raises ValueError where its name is taken or too long."""
    works = app.extensions.setdefault(WORKS, {})
    if work.name in works or len(work.name) > WORK_LENGTH:
        raise ValueError(f"Jobs cannot do {work.name!r}: the name is taken or too long.")
    works[work.name] = work


def works() -> Sequence[Work]:
    """All work that jobs of the current application can do."""
    return [*current_app.extensions.get(WORKS, {}).values()]


def work_called(name: str) -> Work | None:
    """The work with this name; None where no part of the application does it."""
    found: Work | None = current_app.extensions.get(WORKS, {}).get(name)
    return found
