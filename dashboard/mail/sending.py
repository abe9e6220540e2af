"""Sending what is in the outbox, one mail at a time, by the background runner.

Sending takes three short transactions, and no lock is held while the server is asked. The first claims the
mail: it is not due again before `CLAIMED_FOR`, so that no other process sends it at the same moment, and
another one does if this process is killed. The second writes the letter, with a new token. The third stores
how it went. A process that is killed between them may send a mail twice, but never loses one.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from flask import Flask, current_app
from sqlalchemy import select, update

from dashboard import clock
from dashboard.config import Settings
from dashboard.database.locks import not_locked
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.mail.letters import Letter, message
from dashboard.mail.outbox import QueuedMail
from dashboard.mail.smtp import NotSent, deliver
from dashboard.number_form import DEFAULT, numbers_in
from dashboard.web.pages import BRAND

WRITERS = "mail_writers"
"""The key of the writers of letters, by purpose, among the extensions of an application."""
CLAIMED_FOR = timedelta(minutes=2)
"""Longer than the server is waited for."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=1)
TRIED_FOR = timedelta(hours=24)

Writer = Callable[[QueuedMail], Letter | None]
log = logging.getLogger(__name__)


def add_writer(app: Flask, purpose: str, write: Writer) -> None:
    """Let `write` write the letters of a purpose, within a writing transaction; None to send nothing.

    It locks the account before anything else.
    """
    app.extensions.setdefault(WRITERS, {})[purpose] = write


def send_next() -> bool:
    """Send the next mail that is due; returns whether to go on with others at once.

    After a failure the others wait for the next turn: the server may be away.
    """
    settings: Settings = current_app.extensions["settings"]
    claimed = _claim() if settings.mail else None
    if claimed is None or settings.mail is None:
        return False
    key, attempt = claimed
    letter = _written(key)
    if letter is None:
        return True
    try:
        deliver(settings.mail, message(letter, settings.mail, BRAND))
    except (NotSent, ValueError) as error:
        failure = error if isinstance(error, NotSent) else NotSent(str(error), is_final=True)
        log.warning("Mail %d could not be sent: %s", key, failure)
        _store_failure(key, attempt, failure)
        return failure.is_final
    _store(key, attempt, sent_at=clock.now(), due_at=None, reason="")
    return True


def _claim() -> tuple[int, int] | None:
    """Claim the mail that is due for longest; returns its id and the number of the attempt."""
    now = clock.now()
    due = select(QueuedMail.id).where(QueuedMail.due_at <= now).order_by(QueuedMail.due_at, QueuedMail.id)
    if db.session.scalar(due.limit(1)) is None:
        return None  # without the lock that writing takes
    begin_write(db.session)
    key = db.session.scalar(not_locked(due.limit(1)))
    if key is None:
        db.session.rollback()
        return None
    claim = update(QueuedMail).where(QueuedMail.id == key)
    claim = claim.values(due_at=now + CLAIMED_FOR, attempts=QueuedMail.attempts + 1)
    attempt = db.session.scalar(claim.returning(QueuedMail.attempts))
    db.session.commit()
    return key, attempt or 0


def _written(key: int) -> Letter | None:
    """Write the letter of a claimed mail; None where it is not due any more, and is dropped."""
    begin_write(db.session)
    mail = db.session.get(QueuedMail, key)
    writers: Mapping[str, Writer] = current_app.extensions[WRITERS]
    write = writers.get(mail.purpose) if mail else None
    with numbers_in(DEFAULT):  # for the user who gets it, not who is served
        letter = write(mail) if write and mail else None
    # The account is locked: what ended the mail after it was read has been committed.
    is_there = db.session.scalar(select(QueuedMail.id).where(QueuedMail.id == key)) is not None
    if letter and is_there:
        db.session.commit()
        return letter
    db.session.rollback()
    _drop(key)
    return None


def _drop(key: int) -> None:
    begin_write(db.session)
    if mail := db.session.get(QueuedMail, key):
        db.session.delete(mail)
    db.session.commit()


def _store_failure(key: int, attempt: int, failure: NotSent) -> None:
    asked_at = db.session.scalar(select(QueuedMail.asked_at).where(QueuedMail.id == key)) or clock.now()
    again = clock.now() + wait_after(attempt)
    is_over = failure.is_final or again > asked_at + TRIED_FOR
    _store(key, attempt, due_at=None if is_over else again, reason=str(failure))


def wait_after(attempt: int) -> timedelta:
    """Return how long to wait after an attempt that failed: twice as long each time."""
    doublings = min(attempt - 1, 10)
    return min(FIRST_WAIT * (1 << doublings), LONGEST_WAIT)


def _store(key: int, attempt: int, **values: datetime | str | None) -> None:
    """Store how an attempt went, unless the mail was claimed again since."""
    begin_write(db.session)
    its = (QueuedMail.id == key, QueuedMail.attempts == attempt)
    db.session.execute(update(QueuedMail).where(*its).values(**values))
    db.session.commit()
