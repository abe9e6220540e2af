"""The screens of an application, for what has no request to find one by: jobs and commands."""

from __future__ import annotations

from collections.abc import Sequence

from flask import Flask

from dashboard.admin.kit.screen import Screen

SCREENS = "screens"
"""Where an application keeps its screens."""


def screens_of(app: Flask) -> Sequence[Screen]:
    """The screens of records, in the order in which they were added."""
    found: Sequence[Screen] = app.extensions[SCREENS]
    return found
