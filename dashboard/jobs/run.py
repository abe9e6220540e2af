"""A run of a job: what its work may ask of the worker, and how its steps become lasting."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from time import monotonic, sleep
from typing import Any

from sqlalchemy import Connection, Engine

from dashboard.database.transactions import AnySession, begin_write, queued_write
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.jobs.taking import Taken, keep

PAUSE, LONGEST_PAUSE = 0.25, 0.05
"""The pause after a step, as a part of its time, and at most so many seconds."""


class Stopping(Exception):  # noqa: N818 - says what happens, as `Busy` does
    """The worker is to stop: what this transaction wrote must be rolled back, and another goes on."""


class Run:
    """A job while a worker does it.

    Everything lasting happens in steps. A step is a transaction that also notes how far the job is, so that
    a job whose worker was killed goes on where its last step ended, and nothing is done twice.
    """

    def __init__(
        self, taken: Taken, worker: str, engine: Engine, is_stopping: Callable[[], bool] = lambda: False
    ) -> None:
        self.taken, self.worker, self.engine, self.is_stopping = taken, worker, engine, is_stopping

    @property
    def job_id(self) -> int:
        """The number of the job."""
        return self.taken.id

    @property
    def params(self) -> Mapping[str, Any]:
        """The details of what was asked for."""
        found: Mapping[str, Any] = json.loads(self.taken.params)
        return found

    @property
    def checkpoint(self) -> Mapping[str, Any]:
        """The note of the last step; empty before the first."""
        found: Mapping[str, Any] = json.loads(self.taken.checkpoint)
        return found

    @property
    def done(self) -> int:
        """How much of the total is done."""
        return self.taken.done

    @contextmanager
    def step(
        self, *, done: int, total: int | None = None, despite_cancel: bool = False, **checkpoint: Any
    ) -> Iterator[dict[str, Any]]:
        """Do a step in the transaction of the session, and note at its beginning how far it leads.

        The job is locked first: a worker that lost it changes nothing. The history records the changes within
        as those of the job's owner. Yields a note for what only the step finds out; it is added to the
        checkpoint. Raises Lost, Cancelled or Stopping where the step must not be done; work that undoes
        what it did goes on `despite_cancel`.
        """
        begin_write(db.session)
        begun = monotonic()
        held = self._keep(db.session, self.taken, done, total, checkpoint, despite_cancel)
        reason = self.params.get("reason")
        describe(db.session, origin=Origin.JOB, request_id=request_id(self.taken.id), reason=reason)
        further: dict[str, Any] = {}
        yield further
        if further:
            noted = {**checkpoint, **further}
            held = self._keep(db.session, held, done, total, noted, despite_cancel)
        db.session.commit()
        self.taken = held
        self._let_others_write(monotonic() - begun)

    def _let_others_write(self, seconds: float) -> None:
        """Leave SQLite to the others who wait for its one lock: they look for it from time to time only."""
        if self.engine.dialect.name == "sqlite":
            sleep(min(seconds * PAUSE, LONGEST_PAUSE))

    @contextmanager
    def step_beside(
        self, *, done: int, total: int | None = None, despite_cancel: bool = False
    ) -> Iterator[Connection]:
        """Do a step on a connection of its own, while the session reads the state of one moment.

        The job begins again if it is taken by another worker, so no checkpoint is noted.
        """
        with queued_write(self.engine) as connection:
            held = self._keep(connection, self.taken, done, total, {}, despite_cancel)
            yield connection
        self.taken = held

    def _keep(
        self,
        session: AnySession | Connection,
        taken: Taken,
        done: int,
        total: int | None,
        checkpoint: Mapping[str, Any],
        despite_cancel: bool,
    ) -> Taken:
        if self.is_stopping():
            raise Stopping
        values: dict[str, Any] = {"done": done, "total": taken.total if total is None else total}
        if checkpoint:  # it gets further, however often it is stopped
            values |= {"checkpoint": json.dumps(checkpoint), "attempts": 0}
        return keep(session, taken, self.worker, despite_cancel=despite_cancel, **values)


def request_id(job_id: int) -> str:
    """The number of the request as which the history records what a job does."""
    return f"job-{job_id}"
