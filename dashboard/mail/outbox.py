"""The outbox: mails to be sent, and those sent lately.

A row says for whom a mail is and what for, and never holds a token: that is made when the mail is sent, so
that nobody who reads the database can use it. A row is written in the transaction of what asks for the mail.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import ForeignKey, String, and_, delete, func, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from dashboard import clock
from dashboard.config import Settings
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.database.types import UTCDateTime
from dashboard.extensions import db
from dashboard.mail.smtp import REASON_LENGTH

PURPOSE_LENGTH = 20
ADDRESS_LENGTH = 254  # RFC 5321
KEPT_FOR = timedelta(days=7)
"""How long a row stays after its mail was asked for, whether it was sent or not."""
SWEPT_AT_ONCE = 1000


class QueuedMail(db.Model):  # type: ignore[name-defined, misc]
    """A mail for an account, or for an ``address`` where that is not the account's own or there is none.

    ``due_at`` is when it is sent or tried again, None once it is sent or given up. ``issued_by_id`` is the
    user who asked for it on behalf of another. ``reason`` is why the last attempt failed, else empty.
    """

    __tablename__ = "outbox"

    id: Mapped[int] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(String(PURPOSE_LENGTH))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    issued_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), index=True)
    address: Mapped[str | None] = mapped_column(String(ADDRESS_LENGTH), index=True)
    asked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=clock.now, index=True)
    due_at: Mapped[datetime | None] = mapped_column(UTCDateTime, default=clock.now, index=True)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(String(REASON_LENGTH), default="")


NOT_SENT = and_(QueuedMail.sent_at.is_(None), or_(QueuedMail.reason != "", QueuedMail.due_at.is_(None)))
"""The condition for mails that could not be sent, whether they are tried again or given up."""


def sends_mail() -> bool:
    """Whether the settings name a server for mail."""
    settings: Settings = current_app.extensions["settings"]
    return settings.mail is not None


def queue(
    purpose: str, *, user_id: int | None = None, address: str | None = None, issued_by_id: int | None = None
) -> None:
    """Queue a mail, if this console sends any; the caller commits."""
    if not sends_mail():
        return
    row = QueuedMail(purpose=purpose, user_id=user_id, address=address, issued_by_id=issued_by_id)
    db.session.add(row)
    db.session.flush()


def cancel(user_id: int, purposes: Sequence[str] = ()) -> None:
    """Drop the mails for an account that are still to be sent; those of all purposes by default."""
    its = delete(QueuedMail).where(QueuedMail.user_id == user_id, QueuedMail.sent_at.is_(None))
    db.session.execute(its.where(QueuedMail.purpose.in_(purposes)) if purposes else its)


def cancel_issued_by(user_id: int) -> None:
    """Drop the mails that a user asked for on behalf of others and that are still to be sent."""
    its = (QueuedMail.issued_by_id == user_id, QueuedMail.sent_at.is_(None))
    db.session.execute(delete(QueuedMail).where(*its))


def try_again(key: int) -> bool:
    """Make a mail that could not be sent due at once; returns whether there is one with this id."""
    its = (QueuedMail.id == key, NOT_SENT)
    again = update(QueuedMail).where(*its).values(due_at=clock.now(), asked_at=clock.now())
    return bool(db.session.execute(again).rowcount)  # type: ignore[attr-defined]  # an UPDATE counts


def give_up(key: int) -> bool:
    """Forget a mail that could not be sent; returns whether there was one with this id."""
    return bool(db.session.execute(delete(QueuedMail).where(QueuedMail.id == key, NOT_SENT)).rowcount)  # type: ignore[attr-defined]


def number_not_sent() -> int:
    """Return how many mails could not be sent."""
    return db.session.scalar(select(func.count()).select_from(QueuedMail).where(NOT_SENT)) or 0


def newest(user_id: int, purpose: str) -> QueuedMail | None:
    """Return the last mail of a purpose for an account, sent or not; None where there is none."""
    its = (QueuedMail.user_id == user_id, QueuedMail.purpose == purpose)
    row: QueuedMail | None = db.session.scalar(
        select(QueuedMail).where(*its).order_by(QueuedMail.id.desc()).limit(1)
    )
    return row


def sweep() -> bool:
    """Delete the rows of mails that were asked for long ago; returns whether there is more."""
    old = select(QueuedMail.id).where(QueuedMail.asked_at <= clock.now() - KEPT_FOR)
    if db.session.scalar(old.limit(1)) is None:
        return False  # without the lock that writing takes
    begin_write(db.session)
    keys = db.session.scalars(not_locked(old.limit(SWEPT_AT_ONCE))).all()
    db.session.execute(delete(QueuedMail).where(QueuedMail.id.in_(keys)))
    db.session.commit()
    return len(keys) == SWEPT_AT_ONCE
