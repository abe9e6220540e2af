"""A real mail server of the tests, in a thread, whose mail can be read."""

from __future__ import annotations

import re
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any
from urllib.parse import urlsplit

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword

from dashboard.mail_server import MailServer, Protection

SENDER = "console@example.org"
USER, PASSWORD = "console", "violet/anchor@7"
ADDRESS = re.compile(r"https?://\S+")


@dataclass
class Mailbox:
    """The mails that a server has taken; ``refused`` are its answers to recipients whose mail it refuses."""

    server: MailServer | None = None
    mails: list[EmailMessage] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def to(self, address: str) -> list[EmailMessage]:
        """The mails to an address, the newest last."""
        return [mail for mail in self.mails if mail["To"] == address]

    def link(self, address: str) -> str:
        """The link in the newest mail to an address, without its host."""
        (found,) = [each for each in ADDRESS.findall(body(self.to(address)[-1])) if "token=" in each]
        parts = urlsplit(found)
        return f"{parts.path}?{parts.query}"

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        """Take a recipient unless it is refused."""
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        """Take a mail."""
        self.mails.append(message_from_bytes(envelope.content, policy=SMTP))
        return "250 OK"


class _AnyPort(Controller):
    """A server that listens on any free port."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def body(mail: EmailMessage) -> str:
    """The text of a mail."""
    return str(mail.get_content())


@contextmanager
def mailbox(
    protection: Protection = Protection.NOTHING,
    context: ssl.SSLContext | None = None,
    *,
    asks_password: bool = False,
    **options: Any,
) -> Iterator[Mailbox]:
    """A server that takes mail, with the certificate in `context` where it is protected."""
    box = Mailbox()
    if asks_password:
        options |= {"authenticator": _check, "auth_required": True}
    if protection is Protection.STARTTLS:
        options |= {"tls_context": context, "require_starttls": True}
    at_once = context if protection is Protection.TLS else None
    controller = _AnyPort(box, hostname="127.0.0.1", port=0, ssl_context=at_once, **options)
    controller.start()
    box.server = MailServer(
        host="localhost" if context else "127.0.0.1",
        port=controller.port,
        protection=protection,
        user=USER if asks_password else "",
        password=PASSWORD if asks_password else "",
        sender=SENDER,
    )
    try:
        yield box
    finally:
        controller.stop()


def _check(_server: Any, _session: Any, _envelope: Any, _mechanism: str, given: Any) -> AuthResult:
    is_right = isinstance(given, LoginPassword) and given == LoginPassword(USER.encode(), PASSWORD.encode())
    return AuthResult(success=is_right, handled=False)
