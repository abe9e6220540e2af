"""The worker: takes one job after another and does it, until it is told to stop.

A job that a worker was doing when it was killed is taken by another once its lease has ended. One that is
told to stop ends its step, gives the job back, and another goes on at once.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Sequence
from datetime import timedelta
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from dashboard import clock
from dashboard.database.transactions import queued_write
from dashboard.extensions import db
from dashboard.jobs.acting import acting_as
from dashboard.jobs.flows import ZONE
from dashboard.jobs.models import State
from dashboard.jobs.outages import reason_to_wait
from dashboard.jobs.run import Run, Stopping
from dashboard.jobs.taking import MOST_ATTEMPTS, STOPPED, Cancelled, Lost, Taken, let_go, take
from dashboard.jobs.works import work_called
from dashboard.preferences import UTC_NAME
from dashboard.refusal import Refusal

LOOK_SECONDS = 1.0
"""How often a worker without a job looks for one."""
AT_ONCE = 2
"""Jobs that a worker does at the same time, so that a short one need not wait for a long one."""
WAITS = timedelta(seconds=10)
"""How long a job waits after an outage until it is tried again."""
OUTAGES_LAST = timedelta(days=1)
WAITING = "{}. The job waits and goes on by itself."
GAVE_UP = "{}. That lasted for a day."
FAILED = "Something went wrong on our side. The log of the server says more under job-{}."
UNKNOWN = "No part of this console does this work any more."
CANCELLED = "Cancelled."

log = logging.getLogger(__name__)


class Worker:
    """Does the jobs of `app`, one at a time."""

    def __init__(self, app: Flask, stopping: Event | None = None) -> None:
        self.app, self.name = app, secrets.token_hex(16)
        self.stopping = stopping or Event()

    def run(self) -> None:
        """Do jobs until `stopping` is set."""
        while not self.stopping.is_set():
            if not self.did_one():
                self.stopping.wait(LOOK_SECONDS)

    def did_one(self) -> bool:
        """Do the job that has waited longest; returns whether there was one."""
        with self.app.app_context():
            try:
                taken = take(db.engine, self.name)
                if taken is not None:
                    self._do(taken)
            except SQLAlchemyError as error:
                log.info("The database is busy; the worker waits: %s", error)
                return False
            except Exception:  # whatever the fault of one job, the worker does the others
                log.exception("A worker could not end a job; another attempt follows.")
                return False
            return taken is not None

    def _do(self, taken: Taken) -> None:
        run = Run(taken, self.name, db.engine, self.stopping.is_set)
        try:
            state, message = self._outcome(run)
        except Lost:
            log.info("Job %s is done by another worker, or was deleted.", taken.id)
            return
        except Stopping:
            self._end(run, State.WAITING, attempts=run.taken.attempts - 1)
            return
        except (DBAPIError, OSError) as error:
            self._wait_or_fail(run, reason_to_wait(error) or "")
            return
        self._end(run, state, message)

    def _outcome(self, run: Run) -> tuple[State, str]:
        """Do the work; returns the state and message at its end."""
        try:
            return State.DONE, self._work(run)
        except Cancelled as cancelled:
            return State.CANCELLED, str(cancelled) or CANCELLED
        except Refusal as refusal:
            return State.FAILED, str(refusal)
        except (Lost, Stopping):
            raise
        except Exception as error:
            if reason_to_wait(error):
                raise
            log.exception("Job %s failed.", run.job_id)
            return State.FAILED, FAILED.format(run.job_id)

    def _work(self, run: Run) -> str:
        if run.taken.attempts > MOST_ATTEMPTS:
            raise Refusal(STOPPED.format(MOST_ATTEMPTS))
        zone = run.params.get(ZONE, UTC_NAME)
        with acting_as(self.app, run.taken.owner_id, f"job-{run.job_id}", zone):
            try:
                work = work_called(run.taken.work)
                if work is None:
                    raise Refusal(UNKNOWN)
                # Raises Cancelled before anything is done, unless the work has to undo something.
                with run.step_beside(done=run.done, despite_cancel=work.undoes):
                    pass
                return work.do(run)
            finally:
                db.session.rollback()

    def _wait_or_fail(self, run: Run, reason: str) -> None:
        """Let the job wait until it can go on, unless it has waited for a day."""
        log.warning("Job %s waits: %s", run.job_id, reason)
        if clock.now() - run.taken.started_at > OUTAGES_LAST:
            self._end(run, State.FAILED, GAVE_UP.format(reason))
        else:
            again = {"due_at": clock.now() + WAITS, "attempts": run.taken.attempts - 1}
            self._end(run, State.WAITING, WAITING.format(reason), **again)

    def _end(self, run: Run, state: State, message: str = "", **values: object) -> None:
        # Where this fails, the lease ends by itself and the job is taken again.
        with queued_write(db.engine) as connection:
            let_go(connection, run.taken, self.name, state, message, **values)


def start_threads(app: Flask, stopping: Event, at_once: int = AT_ONCE) -> Sequence[Thread]:
    """Start workers in threads of this process; they end after `stopping` is set."""
    workers = [Worker(app, stopping) for _ in range(at_once)]
    threads = [Thread(target=worker.run, name=f"worker {worker.name}") for worker in workers]
    for thread in threads:
        thread.start()
    return threads
