"""The process that starts the others: gunicorn's, which also keeps the one that does jobs running."""

from __future__ import annotations

from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter

from dashboard.serving.jobs_process import JobsProcess

STOP_SECONDS = 10.0


class Master(Arbiter):  # type: ignore[misc]
    """Starts, watches and ends the processes that serve and the one that does jobs."""

    def __init__(self, application: BaseApplication) -> None:
        super().__init__(application)
        self.jobs = JobsProcess()

    def manage_workers(self) -> None:
        """Replace processes that have died; called about once a second."""
        super().manage_workers()
        self.jobs.keep_running()  # after the fork, so that fewer processes hold the pipe to it

    def stop(self, graceful: bool = True) -> None:
        """End all processes, each after what it is doing."""
        self.jobs.ask_to_stop()
        super().stop(graceful)
        self.jobs.stop(STOP_SECONDS if graceful else 0)
