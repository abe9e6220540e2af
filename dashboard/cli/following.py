"""Following a job on a terminal, in a process that also does it where no other worker does."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event
from typing import TYPE_CHECKING, Any

from flask import Flask
from sqlalchemy import select

from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.jobs.flows import cancel
from dashboard.jobs.models import Job
from dashboard.jobs.worker import start_threads

if TYPE_CHECKING:
    from rich.progress import Progress

EVERY = 0.2
"""Seconds between two looks at a job."""


def follow(app: Flask, number: int, words: str) -> Job:
    """Show how far a job is until it has ended, and return it; an interrupt cancels it."""
    stopping, interrupted = Event(), Event()
    threads = start_threads(app, stopping, 1)
    try:
        with _interrupts(interrupted), bar() as progress:
            task = progress.add_task(words, total=None)
            while not (job := _job(number)).state.is_over:
                progress.update(task, completed=job.done, total=job.total)
                if interrupted.is_set():
                    _cancel(number)
                    interrupted.clear()
                stopping.wait(EVERY)
            progress.update(task, completed=job.done, total=job.total or job.done)
    finally:
        stopping.set()
        for thread in threads:
            thread.join()
    return _job(number)


def bar() -> Progress:
    """A progress bar on a terminal; nothing where standard error is a file."""
    # Imported where it is used: the server and most commands start without the library.
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    return Progress(*columns, console=console, disable=not console.is_terminal, transient=True)


@contextmanager
def _interrupts(interrupted: Event) -> Iterator[None]:
    """Note an interrupt instead of ending the process amid a job, which then undoes what it did."""
    before: Any = signal.signal(signal.SIGINT, lambda *_: interrupted.set())
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _job(number: int) -> Job:
    db.session.rollback()
    return db.session.get_one(Job, number, populate_existing=True)


def _cancel(number: int) -> None:
    begin_write(db.session)
    cancel(db.session.scalars(for_writing(select(Job).where(Job.id == number), Job.id)).one())
    db.session.commit()
