"""The words and headers of an answer to too many attempts."""

from __future__ import annotations

from datetime import timedelta
from math import ceil

from dashboard.accounts.throttling.limits import Guess
from dashboard.words import counted

STATUS = 429


LONG = timedelta(hours=2)  # told in hours


def too_many(wait: timedelta, guess: Guess = Guess.PASSWORD) -> str:
    """Say when to try again, in whole minutes or hours, rounded up."""
    return f"Too many attempts with a {guess}. Try again in {_length(wait)}."


def too_many_asked(wait: timedelta) -> str:
    """Say when to ask for another mail, in whole minutes, rounded up."""
    return f"Too many mails were asked for from your network. Try again in {_length(wait)}."


def _length(wait: timedelta) -> str:
    if wait > LONG:
        return counted(ceil(wait / timedelta(hours=1)), "hour")
    return counted(ceil(wait / timedelta(minutes=1)), "minute")


def retry_after(wait: timedelta) -> dict[str, str]:
    """Return the header that says when to try again, in whole seconds (RFC 9110, 10.2.3)."""
    return {"Retry-After": str(max(1, ceil(wait.total_seconds())))}
