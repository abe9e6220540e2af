"""The words and headers of an answer to too many attempts."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from dashboard.words import counted

STATUS = 429


def too_many(wait: timedelta) -> str:
    """Say when to try again, in whole minutes, rounded up."""
    minutes = ceil(wait / timedelta(minutes=1))
    return f"Too many attempts with a wrong password. Try again in {counted(minutes, 'minute')}."


def retry_after(wait: timedelta) -> dict[str, str]:
    """Return the header that says when to try again, in whole seconds (RFC 9110, 10.2.3)."""
    return {"Retry-After": str(max(1, ceil(wait.total_seconds())))}
