"""Purging records that were in the trash for longer than the setting; until then no page shows them."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import ColumnElement, select

from dashboard import clock
from dashboard.background.tasks import Task, add_task
from dashboard.database.keys import key_text
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.history.models import Origin
from dashboard.history.recording import describe
from dashboard.search.index import among
from dashboard.trash.flows import purge
from dashboard.trash.kinds import kinds_in_trash
from dashboard.trash.models import Trashed

SWEPT_AT_ONCE = 1000
EVERY = timedelta(hours=1)


def init_trash(app: Flask) -> None:
    """Add the task that sweeps the trash of `app` every hour."""
    add_task(app, Task("sweep the trash", EVERY, lambda: sweep(trash_days()) == SWEPT_AT_ONCE))


def trash_days() -> int:
    """For how many days a deleted record can be restored; 0 for ever."""
    return int(current_app.extensions["settings"].trash_days)


def expiry(days: int) -> datetime:
    """The moment before which deleted records have expired."""
    return clock.now() - timedelta(days=days)


def expires(deleted_at: datetime) -> datetime | None:
    """The moment when a deleted record expires; None where it stays until an owner deletes it."""
    days = trash_days()
    return deleted_at + timedelta(days=days) if days else None


def still_there(days: int) -> list[ColumnElement[bool]]:
    """The conditions for records that can be restored: expired ones cannot, even before the sweep."""
    return [Trashed.deleted_at >= expiry(days)] if days else []


def find_in_trash(kind: str, key: object, days: int) -> Trashed | None:
    """The record of this kind with this key, if it can be restored; of those deleted twice, the last."""
    its = (Trashed.kind == kind, Trashed.record_key == key_text(key), *still_there(days))
    found: Trashed | None = db.session.scalar(
        select(Trashed).where(*its).order_by(Trashed.id.desc()).limit(1)
    )
    return found


def sweep(days: int) -> int:
    """Purge up to 1,000 expired records in a transaction of its own; returns their number.

    0 days purge nothing. In the history the change has no author.
    """
    if not days:
        return 0
    moment = expiry(days)
    kinds = [record.kind for record in kinds_in_trash()]
    expired = select(Trashed.id).where(Trashed.deleted_at < moment, Trashed.kind.in_(kinds))
    if not (ids := db.session.scalars(expired.order_by(Trashed.deleted_at).limit(SWEPT_AT_ONCE)).all()):
        return 0
    begin_write(db.session)
    describe(db.session, author_id=None, origin=Origin.COMMAND, note=f"After {days} days in the trash")
    number = purge(among(Trashed.id, ids))
    db.session.commit()
    return number
