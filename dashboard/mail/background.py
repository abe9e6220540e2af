"""The background tasks of mail."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask

from dashboard.background.tasks import Task, add_task
from dashboard.mail.outbox import sweep
from dashboard.mail.sending import WRITERS, send_next

SENT_EVERY = timedelta(seconds=10)
SWEPT_EVERY = timedelta(hours=1)


def init_mail(app: Flask) -> None:
    """Add the tasks that send mail and delete old rows of the outbox."""
    app.extensions.setdefault(WRITERS, {})
    add_task(app, Task("send mail", SENT_EVERY, send_next))
    add_task(app, Task("delete old rows of the outbox", SWEPT_EVERY, sweep))
