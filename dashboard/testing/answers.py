"""Checks of an answer, for tests."""

from __future__ import annotations

from werkzeug.test import TestResponse


def is_redirect(answer: TestResponse) -> bool:
    """Whether `answer` redirects to another address, with any redirect status."""
    return 300 <= answer.status_code < 400 and bool(answer.location)
