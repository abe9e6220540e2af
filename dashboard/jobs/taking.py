"""Taking jobs: a worker holds a job by a lease, which ends by itself where the worker is killed.

The clocks of nodes need not agree exactly: a job that is taken too early is only taken from its worker, whose
next step then finds another turn and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, and_, func, or_, select, update
from sqlalchemy.orm import aliased

from dashboard import clock
from dashboard.database.locks import not_locked
from dashboard.database.transactions import AnySession, brief_write
from dashboard.jobs.models import MESSAGE_LENGTH, Job, State
from dashboard.text.shortening import shortened

LASTS = timedelta(seconds=30)
MOST_ATTEMPTS = 5
STOPPED = "It was stopped {} times without getting further, so it is not tried again."


class Taken(NamedTuple):
    """A job as its worker took it."""

    id: int
    work: str
    owner_id: int
    params: str
    checkpoint: str
    turn: int
    done: int
    total: int | None
    attempts: int
    started_at: datetime


COLUMNS = tuple(getattr(Job, name) for name in Taken._fields)


class Lost(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """Another worker has the job, or it was deleted: what this transaction wrote must be rolled back."""


class Cancelled(Exception):  # noqa: N818
    """The job is to be cancelled: what this transaction wrote must be rolled back.

    Its text is the message about the end, where work says more than that it was cancelled.
    """


def take(engine: Engine, worker: str) -> Taken | None:
    """Take the job that has waited longest, or one whose worker is gone; None where there is none.

    Users with fewer running jobs come first, so that many of one user keep no other waiting.
    Only reads where there is none. Raises `sqlalchemy.exc.OperationalError` where the database is busy or
    away.
    """
    now = clock.now()
    waiting = and_(Job.state == State.WAITING, or_(Job.due_at.is_(None), Job.due_at <= now))
    left = and_(Job.state == State.RUNNING, or_(Job.lease_until.is_(None), Job.lease_until <= now))
    free = select(Job.id).where(or_(waiting, left)).order_by(_running_of_owner(), Job.id).limit(1)
    with engine.connect() as connection:
        if connection.execute(free).first() is None:
            return None
    mine = {"state": State.RUNNING, "worker": worker, "lease_until": now + LASTS}
    counts = {"turn": Job.turn + 1, "attempts": Job.attempts + 1}
    begun = {"started_at": func.coalesce(Job.started_at, now)}
    chosen = not_locked(free).scalar_subquery()
    statement = update(Job.__table__).where(Job.id == chosen).values({**mine, **counts, **begun})
    with brief_write(engine) as connection:
        row = connection.execute(statement.returning(*COLUMNS)).first()
    return Taken(*row) if row else None


def _running_of_owner() -> Any:
    running = aliased(Job)
    its = (running.owner_id == Job.owner_id, running.state == State.RUNNING)
    return select(func.count()).select_from(running).where(*its).correlate(Job).scalar_subquery()


def keep(
    session: AnySession | Connection,
    taken: Taken,
    worker: str,
    *,
    despite_cancel: bool = False,
    **values: Any,
) -> Taken:
    """Hold a job for another lease and write `values`, in the transaction of what its worker has just done.

    Returns the job with its new turn. Raises Lost where the worker no longer has it, and Cancelled where it
    is to be cancelled, unless it goes on `despite_cancel`; then the transaction has to be rolled back.
    """
    held = update(Job.__table__).where(_held(taken, worker))
    new = {"turn": taken.turn + 1, "lease_until": clock.now() + LASTS, **values}
    row = session.execute(held.values(new).returning(Job.cancel_asked)).first()
    if row is None:
        raise Lost
    if row.cancel_asked and not despite_cancel:
        raise Cancelled
    return taken._replace(turn=taken.turn + 1, **{k: v for k, v in values.items() if k in Taken._fields})


def let_go(
    connection: Connection, taken: Taken, worker: str, state: State, message: str, **values: Any
) -> None:
    """Give a job up in a `state`, with the message about it, if this worker still has it."""
    ended = clock.now() if state.is_over else None
    new = {"state": state, "message": shortened(message, MESSAGE_LENGTH), "ended_at": ended, "worker": ""}
    given = update(Job.__table__).where(_held(taken, worker))
    connection.execute(given.values({**new, "lease_until": None, **values}))


def _held(taken: Taken, worker: str) -> Any:
    its: Mapping[Any, Any] = {Job.id: taken.id, Job.worker: worker, Job.turn: taken.turn}
    return and_(Job.state == State.RUNNING, *(column == value for column, value in its.items()))
