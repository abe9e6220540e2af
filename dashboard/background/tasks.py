"""The background tasks of an application."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

TASKS = "background_tasks"


@dataclass(frozen=True)
class Task:
    """Work that is done at intervals of ``every``. ``name`` completes the log line "Could not …".

    ``step`` does a part of it within an application context, commits, and returns whether there is more to do
    at once.
    """

    name: str
    every: timedelta
    step: Callable[[], bool]


def add_task(app: Flask, task: Task) -> None:
    """Make the background runner of `app` run `task`."""
    app.extensions.setdefault(TASKS, []).append(task)


def tasks_of(app: Flask) -> Sequence[Task]:
    """The tasks of `app`, in the order in which they were added."""
    return tuple(app.extensions.get(TASKS, ()))
