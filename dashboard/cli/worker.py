"""The command that does jobs on a node of its own, or beside a server."""

from __future__ import annotations

import os
import signal
import sys
from threading import Event, Thread

import click

from dashboard.cli.environment import application, missing_table
from dashboard.jobs.temporary import folder_of_its_own
from dashboard.jobs.worker import AT_ONCE, start_threads

NICENESS = 10
"""Pages come first: jobs get the processor time that they leave."""
MOST_AT_ONCE = 16


@click.command()
@click.option(
    "--jobs",
    "at_once",
    default=AT_ONCE,
    show_default=True,
    type=click.IntRange(1, MOST_AT_ONCE),
    help="Jobs done at the same time.",
)
@click.option("--until-input-ends", is_flag=True, help="End with the process that holds its input.")
def worker(at_once: int, until_input_ends: bool) -> None:
    """Do jobs until interrupted; ``serve`` has such a process beside it already."""
    stopping = Event()
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, lambda *_: stopping.set())
    if until_input_ends:
        # The process that started this one holds the other end, and cannot tell it anything once killed.
        Thread(target=_wait_for_end, args=(stopping,), daemon=True).start()
    os.nice(NICENESS)
    with application() as app, folder_of_its_own():
        if missing := missing_table(app):
            raise click.ClickException(f"The database has {missing}")
        threads = start_threads(app, stopping, at_once)
        stopping.wait()
        for thread in threads:
            thread.join()


def _wait_for_end(stopping: Event) -> None:
    sys.stdin.read()
    stopping.set()
