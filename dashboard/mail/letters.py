"""Letters: plain text for one recipient, and the message that carries it."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, make_msgid

from email_validator import EmailNotValidError, validate_email

from dashboard import clock
from dashboard.mail_server import MailServer


@dataclass(frozen=True)
class Letter:
    """A subject and a plain text for one recipient."""

    to: str
    subject: str
    text: str


def message(letter: Letter, server: MailServer, name: str) -> EmailMessage:
    """Return the message that carries a letter from `server`, whose sender is called `name`.

    Raises ValueError for a recipient or a subject that a header cannot hold, such as one with a line break.
    """
    to = deliverable(letter.to)
    mail = EmailMessage(SMTP if to.isascii() else SMTPUTF8)
    mail["From"] = Address(name, addr_spec=server.sender)
    mail["To"] = Address(addr_spec=to)
    mail["Subject"] = letter.subject
    mail["Date"] = format_datetime(clock.now())
    mail["Message-ID"] = make_msgid(domain=server.domain)
    # RFC 3834, for notes of absence; the other is for Exchange.
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail.set_content(letter.text)
    return mail


def deliverable(address: str) -> str:
    """Return an address as servers take it, its domain in ASCII; raises ValueError for an invalid one."""
    try:
        found = validate_email(address, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from error
    return found.ascii_email or f"{found.local_part}@{found.ascii_domain}"
