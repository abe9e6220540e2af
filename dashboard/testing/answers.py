"""What tests ask of an answer."""

from __future__ import annotations

from werkzeug.test import TestResponse


def is_redirect(answer: TestResponse) -> bool:
    """Whether `answer` leads to another address, whichever of the codes for that it uses."""
    return 300 <= answer.status_code < 400 and bool(answer.location)
