"""Requests that are sent at the same moment, or wait for another user's transaction."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from time import monotonic

from sqlalchemy import Connection, text
from werkzeug.test import TestResponse

from dashboard.database.transactions import READS

PATIENCE_SECONDS = 20
ROUNDS = 3
Send = Callable[[], int]


def together(*sends: Send) -> list[int]:
    """Send each request from its own thread, all at once, and return their statuses."""
    barrier = Barrier(len(sends))

    def send(one: Send) -> int:
        barrier.wait(PATIENCE_SECONDS)
        return one()

    with ThreadPoolExecutor(len(sends)) as pool:
        return [done.result(PATIENCE_SECONDS) for done in [pool.submit(send, one) for one in sends]]


def recorded(ask: Callable[[], TestResponse]) -> tuple[list[TestResponse], Send]:
    """Return a list that gets the answer, and a request to send that puts it there."""
    answers: list[TestResponse] = []

    def send() -> int:
        answers.append(ask())
        return answers[0].status_code

    return answers, send


def blocked_by(connection: Connection, send: Send, commit: Callable[[], None] | None = None) -> int:
    """Send a request that has to wait for a transaction, commit that once it waits, and return the status.

    `commit` replaces the commit of the connection, for one that belongs to a session.
    """
    me = connection.scalar(text("SELECT pg_backend_pid()"))
    waits = text("SELECT count(*) FROM pg_stat_activity WHERE :me = ANY(pg_blocking_pids(pid))")
    watcher = connection.engine.connect().execution_options(isolation_level="AUTOCOMMIT", **{READS: True})
    with watcher, ThreadPoolExecutor(1) as pool:
        answer = pool.submit(send)
        deadline = monotonic() + PATIENCE_SECONDS
        waiting = 0
        while not (waiting or answer.done() or monotonic() > deadline):
            waiting = watcher.scalar(waits, {"me": me})
        (commit or connection.commit)()
        assert waiting, "the request did not have to wait"
        return answer.result(PATIENCE_SECONDS)
