"""The lines of the security log: one for each event, written once its transaction is committed."""

from __future__ import annotations

import logging
from typing import Any

import structlog
from sqlalchemy import event
from sqlalchemy.orm import Session

from dashboard.extensions import db

LOGGER = "dashboard.security"
PENDING = "lines of the security log"

# Its own processors: the settings of structlog belong to the program that embeds the console.
log: structlog.stdlib.BoundLogger = structlog.wrap_logger(
    logging.getLogger(LOGGER),
    processors=[structlog.stdlib.render_to_log_kwargs],
    wrapper_class=structlog.stdlib.BoundLogger,
)


def write(row: dict[str, Any]) -> None:
    """Write the line of an event; users stand in it by their numbers, since a line cannot be erased."""
    level = logging.WARNING if row["event"].is_refused else logging.INFO
    shown = {"by": row["actor_id"], "about": row["subject_id"]}
    shown |= {name: row.get(name, "") for name in ("address", "device", "request_id")}
    log.log(level, row["event"].value, **{**shown, **row["facts"]})


def write_after_commit(row: dict[str, Any]) -> None:
    """Write the line of an event when the transaction is committed, and never if it is rolled back."""
    db.session.info.setdefault(PENDING, []).append(row)


def _write_pending(session: Session) -> None:
    for row in session.info.pop(PENDING, ()):
        write(row)


def _forget_pending(session: Session) -> None:
    session.info.pop(PENDING, None)


def init_lines() -> None:
    """Let the session write the lines; they are logged however few lines of others are."""
    logging.getLogger(LOGGER).setLevel(logging.INFO)
    for moment, listener in (("after_commit", _write_pending), ("after_rollback", _forget_pending)):
        if not event.contains(db.session, moment, listener):
            event.listen(db.session, moment, listener)
