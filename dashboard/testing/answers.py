"""Questions of tests about an answer."""

from __future__ import annotations

from werkzeug.test import TestResponse


def is_redirect(answer: TestResponse) -> bool:
    """Whether `answer` redirects to another address, with any of the status codes for that."""
    return 300 <= answer.status_code < 400 and bool(answer.location)
