"""Handing a message to the server, within a bounded time."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from socket import SHUT_RDWR
from threading import Timer
from typing import Any

from dashboard.mail_server import MailServer, Protection

ANSWER_SECONDS = 10.0
"""How long each answer of the server may take."""
DEADLINE_SECONDS = 45.0
"""How long everything may take; a server that sends a byte at a time would never be late for an answer."""
PERMANENT = 500  # RFC 5321, 4.2.1: from here on, trying again is of no use
REASON_LENGTH = 200


class NotSent(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """The server did not take a message; `is_final` where it never will."""

    def __init__(self, reason: str, *, is_final: bool = False) -> None:
        printable = "".join(c if c.isprintable() else " " for c in reason)
        super().__init__(" ".join(printable.split())[:REASON_LENGTH])
        self.is_final = is_final


def deliver(server: MailServer, mail: EmailMessage) -> None:
    """Hand a message to the server; raises NotSent with the reason, which never holds the password."""
    with _reasons(), _connected(server) as connection:
        connection.send_message(mail)


def try_server(server: MailServer) -> None:
    """Connect and log in to the server; raises NotSent with the reason."""
    with _reasons(), _connected(server) as connection:
        connection.noop()


class _Bounded(smtplib.SMTP):
    """A connection that is cut at the deadline, from before the greeting of the server."""

    def connect(self, *args: Any, **options: Any) -> tuple[int, bytes]:
        """Connect; called by the constructor."""
        self.timer = Timer(DEADLINE_SECONDS, self._cut)
        self.timer.daemon = True
        self.timer.start()
        try:
            return super().connect(*args, **options)
        except BaseException:
            self.timer.cancel()
            raise

    def close(self) -> None:
        """Close the connection."""
        self.timer.cancel()
        super().close()

    def _cut(self) -> None:
        with suppress(OSError):
            if self.sock:
                self.sock.shutdown(SHUT_RDWR)


class _BoundedTls(_Bounded, smtplib.SMTP_SSL):
    """The same over TLS."""


@contextmanager
def _connected(server: MailServer) -> Iterator[smtplib.SMTP]:
    connection = _connection(server)
    try:
        yield _greeted(connection, server)
        with suppress(smtplib.SMTPException, OSError):  # the server has taken the message already
            connection.quit()
    finally:
        connection.close()


def _connection(server: MailServer) -> smtplib.SMTP:
    # smtplib would look up its own name in the DNS, which can take long.
    its: dict[str, Any] = {"local_hostname": server.domain, "timeout": ANSWER_SECONDS}
    if server.protection is Protection.TLS:
        return _BoundedTls(server.host, server.port, context=_context(), **its)
    return _Bounded(server.host, server.port, **its)


def _greeted(connection: smtplib.SMTP, server: MailServer) -> smtplib.SMTP:
    if server.protection is Protection.STARTTLS:
        connection.starttls(context=_context())
    if server.user:
        connection.login(server.user, server.password)
    return connection


def _context() -> ssl.SSLContext:
    return ssl.create_default_context()  # verifies certificate and name; OpenSSL reads SSL_CERT_FILE


@contextmanager
def _reasons() -> Iterator[None]:
    """Turn what can go wrong into NotSent."""
    try:
        yield
    except smtplib.SMTPRecipientsRefused as error:
        code, words = next(iter(error.recipients.values()))
        reason = f"The mail server refuses this address: {_said(code, words)}"
        raise NotSent(reason, is_final=code >= PERMANENT) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotSent(_reason(error)) from error


def _reason(error: Exception) -> str:
    """Say what an error means; the most particular class of errors comes first."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "The mail server refuses the user or the password of DASHBOARD_MAIL_URL."
    if isinstance(error, smtplib.SMTPResponseException):
        return f"The mail server says: {_said(error.smtp_code, error.smtp_error)}"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"The certificate of the mail server is not valid: {error.verify_message}"
    if isinstance(error, TimeoutError) or "timed out" in str(error):
        return "The mail server does not answer."
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "The mail server ended the connection."
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return f"The mail server lacks what is needed: {error}"
    return f"The mail server cannot be reached: {getattr(error, 'strerror', None) or error}"


def _said(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode(errors='replace') if isinstance(words, bytes) else words}"
