"""The worker beside a console, as a thread that a test begins and ends."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from threading import Event

from dashboard.jobs.run import Run
from dashboard.jobs.worker import Worker, start_threads
from dashboard.jobs.works import WORKS
from e2e.server import Console


@contextmanager
def working(console: Console) -> Iterator[None]:
    """A worker does the jobs of a console, as the process beside a server does."""
    stopping = Event()
    threads = start_threads(console.app, stopping, 1)
    try:
        yield
    finally:
        stopping.set()
        for thread in threads:
            thread.join()


def work(console: Console) -> None:
    """Let a worker do what there is."""
    worker = Worker(console.app)
    while worker.did_one():
        pass


@contextmanager
def waiting_in_the_middle(console: Console, name: str) -> Iterator[Event]:
    """Jobs that do this work wait amid it until the event is set; a cancelled one ends at its next step."""
    go_on, works = Event(), console.app.extensions[WORKS]
    usual = works[name]

    def half(run: Run) -> str:
        with run.step_beside(done=10, total=40):
            pass
        while not go_on.wait(0.05):
            with run.step_beside(done=10, total=40):
                pass
        with run.step_beside(done=30, total=40):
            pass
        return str(usual.do(run))

    works[name] = replace(usual, do=half)
    try:
        yield go_on
    finally:
        go_on.set()
        works[name] = usual
