"""Notices to users whose recovery code was used: told by mail, with what is left."""

import pytest
from flask import Flask

from dashboard.accounts.managing import delete_accounts
from dashboard.accounts.recovery_codes.codes import NUMBER
from dashboard.extensions import db
from dashboard.testing.accounts import email_of, the_account
from dashboard.testing.mail_servers import Mailbox, body
from unit.accounts.second_factors.steps import RECOVERY, Begin, lets_in
from unit.conftest import Submit
from unit.mailing import send_due

pytestmark = pytest.mark.both_databases


@pytest.fixture
def app(mailing_app: Flask) -> Flask:
    """A console that sends mail."""
    return mailing_app


def test_user_is_told_of_each_used_code(
    app: Flask, box: Mailbox, codes: list[str], begin: Begin, submit: Submit
) -> None:
    for number in (1, 2):
        assert lets_in(submit(begin(address="203.0.113.7"), RECOVERY, recovery_code=codes[number]))
        send_due(app)
        told = [mail for mail in box.to(email_of("viewer")) if "recovery code" in str(mail["Subject"])]
        assert len(told) == number
        text = " ".join(body(told[-1]).split())
        assert "from 203.0.113.7" in text
        assert f"You have {NUMBER - number} codes left." in text
        assert codes[number] not in text


def test_wrong_code_is_no_news(
    app: Flask, box: Mailbox, codes: list[str], begin: Begin, submit: Submit
) -> None:
    submit(begin(), RECOVERY, recovery_code="k7wq-2mzr-pd4x-9ytn")
    send_due(app)
    assert box.mails == []


def test_account_that_is_gone_is_sent_no_notice(
    app: Flask, box: Mailbox, codes: list[str], begin: Begin, submit: Submit
) -> None:
    submit(begin(), RECOVERY, recovery_code=codes[0])
    with app.app_context():
        delete_accounts(None, [the_account("viewer")])
        db.session.commit()
    send_due(app)
    assert box.mails == []
