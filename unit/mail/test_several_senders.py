"""Sending beside other processes: killed ones, late ones, and those at the same moment."""

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from dashboard.accounts.letters import Post
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.mail import sending
from dashboard.mail.outbox import QueuedMail, queue
from dashboard.mail.sending import CLAIMED_FOR
from dashboard.mail_server import MailServer
from dashboard.testing.accounts import the_account
from dashboard.testing.mail_servers import Mailbox
from unit.conftest import MakeApp, SetClock
from unit.mailing import send_due

VIEWER = "viewer@example.test"

pytestmark = pytest.mark.both_databases


def asked(app: Flask, number: int = 1) -> None:
    """Queue mails for the viewer."""
    with app.app_context():
        user = the_account("viewer")
        for _ in range(number):
            queue(Post.RESET, user_id=user.id)
        db.session.commit()


def stored(app: Flask) -> list[QueuedMail]:
    """Return the rows of the outbox, detached."""
    with app.app_context():
        rows = [*db.session.scalars(select(QueuedMail).order_by(QueuedMail.id))]
        db.session.expunge_all()
        return rows


def test_hanging_server_holds_no_lock(
    make_app: MakeApp, hanging_server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(mail=hanging_server)
    asked(app)
    locks: list[bool] = []

    def deliver(*_args: object) -> None:
        thread = Thread(target=lambda: locks.append(others_can_write(app)))
        thread.start()
        thread.join()

    monkeypatch.setattr(sending, "deliver", deliver)
    send_due(app)
    assert locks == [True]


def others_can_write(app: Flask) -> bool:
    """Change the account and its mail in a transaction of another thread."""
    with app.app_context():
        begin_write(db.session)
        the_account("viewer").name = "Another"
        db.session.execute(update(QueuedMail).values(reason="seen"))
        db.session.commit()
    return True


def test_mail_of_a_killed_process_is_sent_by_another_after_a_while(
    mailing_app: Flask, box: Mailbox, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(timedelta(0))
    asked(mailing_app)
    with monkeypatch.context() as patched:
        patched.setattr(sending, "deliver", killed)
        with pytest.raises(KeyboardInterrupt):
            send_due(mailing_app)
    send_due(mailing_app)
    assert box.mails == []
    set_clock(CLAIMED_FOR)
    send_due(mailing_app)
    assert len(box.to(VIEWER)) == 1
    assert stored(mailing_app)[0].sent_at


def killed(*_args: object) -> None:
    """End the process, as far as a test can."""
    raise KeyboardInterrupt


def test_two_processes_at_the_same_moment_send_each_mail_once(make_app: MakeApp, box: Mailbox) -> None:
    first, second = make_app(mail=box.server), make_app(mail=box.server)
    asked(first, 10)
    together(lambda: send_until_done(first), lambda: send_until_done(second))
    send_due(first)
    assert len(box.to(VIEWER)) == 10
    assert [row.attempts for row in stored(first)] == [1] * 10


def send_until_done(app: Flask) -> None:
    """Send what is due, again where the other one held the lock for long, as the tasks of a server do."""
    while True:
        try:
            return send_due(app)
        except OperationalError:
            continue


def together(*acts: Callable[[], None]) -> None:
    """Run some functions at the same moment."""
    barrier = Barrier(len(acts))

    def run(act: Callable[[], None]) -> None:
        barrier.wait()
        act()

    threads = [Thread(target=run, args=[act]) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_late_process_does_not_overwrite_what_another_stored(
    mailing_app: Flask, box: Mailbox, set_clock: SetClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_clock(timedelta(0))
    asked(mailing_app)

    def late(*_args: object) -> None:
        monkeypatch.undo()
        set_clock(CLAIMED_FOR)
        thread = Thread(target=lambda: send_due(mailing_app))
        thread.start()
        thread.join()
        raise sending.NotSent("too late")

    monkeypatch.setattr(sending, "deliver", late)
    send_due(mailing_app)
    (row,) = stored(mailing_app)
    assert row.sent_at
    assert row.reason == ""
