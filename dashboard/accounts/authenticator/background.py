"""The task that encrypts seeds again after the keys were changed."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from dashboard.accounts.authenticator.flows import encrypt_again
from dashboard.background.tasks import Task, add_task

EVERY = timedelta(hours=1)


def init_authenticators(app: Flask) -> None:
    """Add the task that encrypts seeds under the newest key, at the start and every hour."""
    add_task(app, Task("encrypt seeds under the newest key", EVERY, encrypt_again))
