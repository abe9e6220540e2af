"""The tasks of an application that are done every so often."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask

TASKS = "background_tasks"


@dataclass(frozen=True)
class Task:
    """Something to do every so often. ``name`` completes the log line "Could not …".

    ``step`` does some of it in a transaction of its own that it commits, within an application context, and
    returns whether there is more to do at once.
    """

    name: str
    every: timedelta
    step: Callable[[], bool]


def add_task(app: Flask, task: Task) -> None:
    """Let the background runner of `app` do `task`."""
    app.extensions.setdefault(TASKS, []).append(task)


def tasks_of(app: Flask) -> Sequence[Task]:
    """The tasks of `app`, in the order in which they were added."""
    return tuple(app.extensions.get(TASKS, ()))
