"""Logging an event: a row in the transaction of what is logged, and a line once that is committed.

What was refused is counted together: one row for each user, network and hour, and a bounded number of rows
for requests of people who are not logged in. So nobody can fill the database with attempts.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, update
from sqlalchemy.exc import DBAPIError

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.accounts.security_log import lines
from dashboard.accounts.security_log.events import REFUSED, Event
from dashboard.accounts.security_log.models import SecurityEvent
from dashboard.accounts.security_log.origins import acting_user, origin
from dashboard.database.errors import is_outage
from dashboard.database.secret_columns import sounds_secret
from dashboard.database.transactions import brief_write
from dashboard.extensions import db

Fact = str | int | bool
TOGETHER = timedelta(hours=1)
"""For how long refused events that are alike are counted in one row."""
ANONYMOUS_AN_HOUR = 200
"""The most rows of one hour about requests of people who are not logged in; the rest shares one."""
ANYONE: dict[str, Any] = {
    **dict.fromkeys(("subject", "address", "network", "device"), ""),
    "subject_id": None,
    "facts": {},
}
"""The columns of the row that the rest shares."""


def log_event(event: Event, user: User | None = None, *, by: User | None = None, **facts: Fact) -> None:
    """Log an event about `user` within the writing transaction, which the caller commits.

    `by` is the user who did it; by default the one who is logged in, None on the command line. `facts` are
    short texts, numbers and flags, never secrets: raises ValueError for a name that sounds like one.
    """
    row = _row(event, user, by or acting_user(), facts)
    if new := _new_row(row) if event.is_refused else row:
        db.session.execute(insert(SecurityEvent).values(new))
    lines.write_after_commit(row)


def log_refusal(event: Event, **facts: Fact) -> None:
    """Log that a request of the current user was refused, in a transaction of its own.

    The first of an hour is logged; the others cost a look into the log, no lock and no line. Where the
    database cannot be written at once, there is a line and no row.
    """
    user = acting_user()
    row = _row(event, user, user, facts)
    db.session.rollback()  # nothing of a refused request is kept, and its lock would be in the way
    if db.session.scalar(select(SecurityEvent.id).where(*_alike(row)).limit(1)) or _is_full(row):
        return
    try:
        with brief_write(db.engine) as connection:
            connection.execute(insert(SecurityEvent).values(row))
    except DBAPIError as error:
        if not is_outage(error):
            raise
    lines.write(row)


def _row(event: Event, user: User | None, actor: User | None, facts: dict[str, Fact]) -> dict[str, Any]:
    if named := [name for name in facts if sounds_secret(name)]:
        raise ValueError(f"A log holds no secrets, such as {named[0]}.")
    now = clock.now()
    return {
        "event": event,
        "at": now,
        "last_at": now,
        "actor_id": actor.id if actor else None,
        "actor": actor.email if actor else "",
        "subject_id": user.id if user else None,
        "subject": user.email if user else "",
        "facts": facts,
        **origin(),
    }


def _alike(row: dict[str, Any]) -> list[ColumnElement[bool]]:
    """The conditions for rows of this hour that the event of `row` is counted in."""
    return [
        SecurityEvent.at > row["at"] - TOGETHER,
        SecurityEvent.event == row["event"],
        SecurityEvent.actor_id.is_not_distinct_from(row["actor_id"]),
        SecurityEvent.subject_id.is_not_distinct_from(row["subject_id"]),
        SecurityEvent.network == row.get("network", ""),
    ]


def _is_full(row: dict[str, Any]) -> bool:
    """Whether this hour has as many rows as it may, of people who are not logged in."""
    if row["actor_id"] is not None:
        return False
    its = (SecurityEvent.at > row["at"] - TOGETHER, SecurityEvent.actor_id.is_(None))
    first = select(SecurityEvent.id).where(*its, SecurityEvent.event.in_(REFUSED)).limit(ANONYMOUS_AN_HOUR)
    number = db.session.scalar(select(func.count()).select_from(first.subquery())) or 0
    return number >= ANONYMOUS_AN_HOUR


def _new_row(row: dict[str, Any]) -> dict[str, Any] | None:
    """Return the row to add for a refused event; None where it was counted in one that there is."""
    if _counted_in(row):
        return None
    if not _is_full(row):
        return row
    others = row | ANYONE
    return None if _counted_in(others) else others


def _counted_in(row: dict[str, Any]) -> bool:
    again = {"times": SecurityEvent.times + 1, "last_at": row["at"]}
    counted = update(SecurityEvent).where(*_alike(row)).values(again)
    result = db.session.execute(counted, execution_options={"synchronize_session": False})
    return bool(result.rowcount)  # type: ignore[attr-defined]  # an UPDATE counts
