"""The outbox: what is sent, tried again, given up and forgotten."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from dashboard import clock
from dashboard.accounts.letters import Post
from dashboard.accounts.one_time_links import OneTimeLink, Purpose, end_links
from dashboard.background.tasks import tasks_of
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.mail import sending
from dashboard.mail.letters import Letter
from dashboard.mail.outbox import KEPT_FOR, QueuedMail, queue, sweep
from dashboard.mail.sending import TRIED_FOR, send_next, wait_after
from dashboard.mail_server import MailServer
from dashboard.number_form import CHOSEN, number_words, numbers_in
from dashboard.testing.accounts import the_account
from dashboard.testing.mail_servers import Mailbox, body
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


def test_mail_is_sent_once_and_its_row_says_when(
    mailing_app: Flask, box: Mailbox, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    asked(mailing_app)
    send_due(mailing_app)
    send_due(mailing_app)
    assert len(box.to(VIEWER)) == 1
    (row,) = stored(mailing_app)
    assert (row.sent_at, row.due_at, row.attempts) == (clock.now(), None, 1)


def test_nothing_is_queued_and_sent_without_a_server(app: Flask, mailing_app: Flask, box: Mailbox) -> None:
    asked(app)
    assert stored(app) == []
    asked(mailing_app)
    send_due(app)  # as where the setting is removed
    assert box.mails == []
    assert [row.attempts for row in stored(app)] == [0]


def test_runner_sends_mail(mailing_app: Flask) -> None:
    assert "send mail" in [task.name for task in tasks_of(mailing_app)]


def test_mail_is_tried_again_after_growing_waits_and_given_up_after_a_day(
    make_app: MakeApp, dead_server: MailServer, set_clock: SetClock
) -> None:
    app = make_app(mail=dead_server)
    set_clock(timedelta(0))
    asked(app)
    waits = []
    begun = clock.now()
    while (due_at := stored(app)[0].due_at) is not None:
        waits.append(due_at - clock.now())
        set_clock(due_at)
        send_due(app)
    assert waits[1:8] == [timedelta(minutes=m) for m in (1, 2, 4, 8, 16, 32, 60)]
    assert max(waits) == timedelta(hours=1)
    assert TRIED_FOR - timedelta(hours=1) <= clock.now() - begun <= TRIED_FOR
    (row,) = stored(app)
    assert row.sent_at is None
    assert row.reason == "The mail server cannot be reached: Connection refused"


def test_refused_recipient_is_given_up_at_once_and_others_are_sent(mailing_app: Flask, box: Mailbox) -> None:
    box.refused[VIEWER] = "550 No such user"
    asked(mailing_app)
    with mailing_app.app_context():
        queue(Post.RESET, user_id=the_account("editor").id)
        db.session.commit()
    send_due(mailing_app)
    refused, sent = stored(mailing_app)
    assert (refused.due_at, refused.sent_at) == (None, None)
    assert refused.reason == "The mail server refuses this address: 550 No such user"
    assert sent.sent_at


def test_mail_that_failed_waits_and_does_not_hold_up_the_others(
    mailing_app: Flask, box: Mailbox, set_clock: SetClock
) -> None:
    box.refused[VIEWER] = "450 Later"
    asked(mailing_app)
    set_clock(timedelta(seconds=1))
    with mailing_app.app_context():
        queue(Post.RESET, user_id=the_account("editor").id)
        db.session.commit()
    send_due(mailing_app)  # this turn ends with the failure
    send_due(mailing_app)
    assert len(box.to("editor@example.test")) == 1
    box.refused.clear()
    send_due(mailing_app)
    assert box.to(VIEWER) == []
    set_clock(wait_after(1))
    send_due(mailing_app)
    assert len(box.to(VIEWER)) == 1
    assert stored(mailing_app)[0].reason == ""


@pytest.mark.security(65)
def test_no_usable_token_lies_in_the_database(mailing_app: Flask, box: Mailbox) -> None:
    asked(mailing_app)
    send_due(mailing_app)
    token = box.link(VIEWER).partition("token=")[2]
    with mailing_app.app_context():
        for table in db.metadata.sorted_tables:
            assert token not in repr(db.session.execute(select(table)).all())


def test_each_attempt_has_a_link_of_its_own(mailing_app: Flask, box: Mailbox, set_clock: SetClock) -> None:
    box.refused[VIEWER] = "450 Later"
    asked(mailing_app)
    send_due(mailing_app)
    with mailing_app.app_context():
        before = db.session.scalars(select(OneTimeLink.token_hash)).one()
    box.refused.clear()
    set_clock(wait_after(1))
    send_due(mailing_app)
    with mailing_app.app_context():
        assert db.session.scalars(select(OneTimeLink.token_hash)).one() != before
    assert mailing_app.test_client().get(box.link(VIEWER)).status_code == 200


def test_mail_of_ended_links_is_not_sent(mailing_app: Flask, box: Mailbox) -> None:
    asked(mailing_app)
    with mailing_app.app_context():
        end_links(the_account("viewer"), Purpose.RESET)
        db.session.commit()
    send_due(mailing_app)
    assert box.mails == []


def test_links_that_end_while_the_letter_is_written_are_not_sent(
    mailing_app: Flask, box: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(mailing_app)
    written = sending._written

    def ended_first(key: int) -> object:
        with mailing_app.app_context():
            begin_write(db.session)
            end_links(the_account("viewer"))
            db.session.commit()
        return written(key)

    monkeypatch.setattr(sending, "_written", ended_first)
    send_due(mailing_app)
    assert box.mails == []
    assert stored(mailing_app) == []


def test_old_rows_are_deleted_whether_sent_or_not(
    mailing_app: Flask, box: Mailbox, set_clock: SetClock
) -> None:
    set_clock(timedelta(0))
    asked(mailing_app)
    send_due(mailing_app)
    box.refused[VIEWER] = "550 No"
    asked(mailing_app)
    send_due(mailing_app)
    set_clock(KEPT_FOR - timedelta(seconds=1))
    with mailing_app.app_context():
        assert sweep() is False
    assert len(stored(mailing_app)) == 2
    set_clock(timedelta(seconds=1))
    with mailing_app.app_context():
        sweep()
    assert stored(mailing_app) == []


def test_letter_that_cannot_be_written_as_a_mail_is_given_up(make_app: MakeApp, box: Mailbox) -> None:
    assert box.server
    app = make_app(mail=replace(box.server, sender="no address"))
    asked(app)
    send_due(app)
    (row,) = stored(app)
    assert (row.due_at, row.sent_at) == (None, None)
    assert row.reason


def test_sending_ends_where_nothing_is_due(mailing_app: Flask) -> None:
    with mailing_app.app_context():
        assert send_next() is False


def test_numbers_of_a_mail_have_one_form(mailing_app: Flask, box: Mailbox) -> None:
    sending.add_writer(
        mailing_app, "stock", lambda _mail: Letter(VIEWER, "Stock", f"{number_words(1204)} pieces are left.")
    )
    with mailing_app.app_context():
        queue("stock", address=VIEWER)
        db.session.commit()
        with numbers_in(CHOSEN["comma"]):
            assert send_next()
    assert "1,204 pieces are left." in body(box.to(VIEWER)[0])
