"""Consoles that send mail to a real server, when a test says so."""

from collections.abc import Callable, Iterator
from socket import socket

import pytest
from flask import Flask

from dashboard.extensions import db
from dashboard.mail.sending import send_next
from dashboard.mail_server import MailServer, Protection
from dashboard.testing.mail_servers import SENDER, Mailbox, mailbox


def at(port: int) -> MailServer:
    """A server on a port of this machine."""
    return MailServer(host="127.0.0.1", port=port, protection=Protection.NOTHING, sender=SENDER)


NOWHERE = at(9)
"""A server of a console that sends no mail while the test runs."""


@pytest.fixture
def box() -> Iterator[Mailbox]:
    """A server that takes mail."""
    with mailbox() as box:
        yield box


@pytest.fixture
def mailing_app(make_app: Callable[..., Flask], box: Mailbox) -> Flask:
    """A console that sends mail, over the empty database of the test."""
    return make_app(mail=box.server)


@pytest.fixture
def dead_server() -> MailServer:
    """A server that is not there."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return at(listening.getsockname()[1])


@pytest.fixture
def hanging_server() -> Iterator[MailServer]:
    """A server that never answers; it is waited for briefly only where a test says so."""
    with socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield at(listening.getsockname()[1])


def send_due(app: Flask) -> None:
    """Send every mail that is due, as the background runner does in its next turns."""
    with app.app_context():
        while send_next():
            pass
        db.session.remove()
