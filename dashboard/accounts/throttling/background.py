"""The task that deletes counts of attempts that have ended."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from dashboard.accounts.throttling.flows import sweep
from dashboard.background.tasks import Task, add_task

EVERY = timedelta(hours=1)


def init_throttling(app: Flask) -> None:
    """Add the task that deletes ended counts every hour."""
    add_task(app, Task("delete ended counts of attempts to log in", EVERY, sweep))
