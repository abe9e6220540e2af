"""Keeping files as long as a record has them, or can get them back."""

from __future__ import annotations

from flask import Flask

from dashboard.files.sweeping import init_sweeping
from dashboard.files.uses import init_uses


def init_keeping(app: Flask) -> None:
    """Note which records of `app` get which files, and add the task that deletes those of no record."""
    init_uses()
    init_sweeping(app)
