"""Which users have the form of a record open: a note with an expiry, not a lock; anyone may save."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy import Connection, ForeignKey, String, delete, select
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.accounts.models import User
from dashboard.accounts.names import PERSON, called
from dashboard.accounts.people import Person
from dashboard.database.inserts import insert_or_update
from dashboard.database.keys import Key
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.history.models import KEY_LENGTH, KIND

LASTS = timedelta(minutes=2)

log = logging.getLogger(__name__)


class EditLease(db.Model):  # type: ignore[name-defined, misc]
    """A user is editing a record until ``until``, unless the lease is renewed."""

    __tablename__ = "edit_leases"

    record_kind: Mapped[str] = mapped_column(KIND, primary_key=True)
    record_key: Mapped[str] = mapped_column(String(KEY_LENGTH), primary_key=True)
    user_id: Mapped[int] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    until: Mapped[datetime] = mapped_column(UTCDateTime, index=True)


def renew(connection: Connection, kind: str, key: Key, user_id: int) -> None:
    """Extend the lease of a user from now, and delete all expired leases."""
    now = clock.now()
    lease = {"record_kind": kind, "record_key": str(key), "user_id": user_id, "until": now + LASTS}
    statement = insert_or_update(connection.dialect.name, EditLease).values(lease)
    connection.execute(delete(EditLease).where(EditLease.until <= now))
    connection.execute(
        statement.on_conflict_do_update(
            index_elements=EditLease.__table__.primary_key.columns, set_={"until": statement.excluded.until}
        )
    )


def end_editing(kind: str, key: Key, user_id: int) -> None:
    """Delete the lease of a user in the current transaction."""
    its = (EditLease.record_kind == kind, EditLease.record_key == str(key), EditLease.user_id == user_id)
    db.session.execute(delete(EditLease).where(*its))


def others_editing(kind: str, key: Key, user_id: int) -> list[Person]:
    """Return the names of the other users who are editing a record, sorted."""
    found = db.session.execute(
        select(*PERSON)
        .join(EditLease, EditLease.user_id == User.id)
        .where(EditLease.record_kind == kind, EditLease.record_key == str(key))
        .where(EditLease.until > clock.now(), User.id != user_id)
        .order_by(User.name_key, User.email_key)
    )
    return [called(*person) for person in found]
