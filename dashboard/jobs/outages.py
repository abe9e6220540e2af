"""Outages that a job waits for: the machine is at fault, and another attempt may succeed."""

from __future__ import annotations

import errno

from sqlalchemy.exc import DBAPIError

from dashboard.database.errors import outage_of

NO_DATABASE, NO_SPACE = "The database cannot be used ({})", "There is no space left for temporary files"


def reason_to_wait(error: Exception) -> str | None:
    """Say why the machine and not the code is at fault; None where it is not."""
    if isinstance(error, DBAPIError) and (outage := outage_of(error)):
        return NO_DATABASE.format(outage)
    is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)
    return NO_SPACE if is_full else None
