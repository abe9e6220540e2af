"""The background runner: a thread of a serving process that runs due tasks while it holds the lease."""

from __future__ import annotations

import logging
import secrets
from datetime import datetime, timedelta
from threading import Event, Thread

from flask import Flask
from sqlalchemy.exc import SQLAlchemyError

from dashboard import clock
from dashboard.background.leases import hold, release
from dashboard.background.tasks import Task, tasks_of
from dashboard.extensions import db

LEASE = "background runner"
TURN_SECONDS = 10.0
TRIED_AGAIN_AFTER = timedelta(minutes=1)
STOP_SECONDS = 5.0

log = logging.getLogger(__name__)


class Runner:
    """Runs the tasks of `app`, in one of its serving processes at a time.

    Must be started after the process has forked: threads and connections do not survive a fork.
    """

    def __init__(self, app: Flask, turn_seconds: float = TURN_SECONDS) -> None:
        self.app, self.turn_seconds = app, turn_seconds
        self.holder = secrets.token_hex(16)
        self.due: dict[str, datetime] = {}
        self.stopping = Event()
        self.thread = Thread(target=self._run, name="background runner", daemon=True)

    def start(self) -> None:
        """Start the thread; it runs until `stop`."""
        self.thread.start()

    def ask_to_stop(self) -> None:
        """Start no further step."""
        self.stopping.set()

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """End after the current step, and wait for it for at most `seconds`.

        A longer step is rolled back when the process ends, and another process runs it again.
        """
        self.ask_to_stop()
        self.thread.join(seconds)

    def _run(self) -> None:
        while not self.stopping.is_set():
            with self.app.app_context():
                self.turn()
            self.stopping.wait(self.turn_seconds)
        with self.app.app_context():
            self._let_go()

    def turn(self) -> None:
        """Run the due tasks, if this process holds the lease."""
        for task in tasks_of(self.app):
            if not self._holds():
                return
            if self.due.get(task.name, clock.now()) <= clock.now():
                self._do(task)

    def _do(self, task: Task) -> None:
        try:
            while task.step():
                if self.stopping.is_set() or not self._holds():
                    return
            wait = task.every
        except Exception:  # whatever the fault of one task, the others run
            db.session.rollback()
            log.exception("Could not %s; trying again in a minute.", task.name)
            wait = TRIED_AGAIN_AFTER
        finally:
            db.session.remove()
        self.due[task.name] = clock.now() + wait

    def _holds(self) -> bool:
        try:
            return hold(db.engine, LEASE, self.holder)
        except SQLAlchemyError as error:
            log.info("The database is busy; the background runner waits: %s", error)
            return False

    def _let_go(self) -> None:
        try:
            release(db.engine, LEASE, self.holder)
        except SQLAlchemyError:
            log.info("The database is busy; the lease of the background runner will expire.")
