"""The server that sends the console's mail, as a setting describes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Self
from urllib.parse import SplitResult, unquote_to_bytes, urlsplit

from dashboard.hosts import is_loopback

EXAMPLE = "smtp://user:password@mail.example.org:587"
HOST = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?|[0-9a-f:.]+", re.I)
ADDRESS = re.compile(r"[!#$%&'*+/=?^_`{|}~0-9a-z.-]{1,64}@[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?", re.I)
PORTS = {"smtp": 587, "smtps": 465}
UNPROTECTED = "tls=off"
MALFORMED = f"is not the address of a mail server. Write it like {EXAMPLE}"


class Protection(StrEnum):
    """How the connection to the server is protected."""

    TLS = "TLS"
    STARTTLS = "STARTTLS"
    NOTHING = "no TLS"


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """A server, its user if it asks for one, and the address that mail comes from."""

    host: str
    port: int
    protection: Protection
    user: str = ""
    password: str = field(default="", repr=False)
    sender: str

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port} with {self.protection}{f' as {self.user}' if self.user else ''}"

    @property
    def domain(self) -> str:
        """The part of the sender's address after the ``@``."""
        return self.sender.rpartition("@")[2]

    @classmethod
    def read(cls, url: str, sender: str) -> Self:
        """Read settings without a `mail_url_fault`; `sender` may be empty where the user is an address."""
        parts = urlsplit(url)
        user, password = (_decoded(text or "") for text in (parts.username, parts.password))
        host = parts.hostname or ""
        return cls(
            host=host,
            port=parts.port or PORTS[parts.scheme],
            protection=_protection(parts, host),
            user=user,
            password=password,
            sender=sender or user,
        )


def mail_url_fault(url: str) -> str | None:
    """Say what is wrong with the address of a mail server, without a part of it: it may hold a password."""
    if not url:
        return None
    try:
        parts = urlsplit(url)
        host, port, texts = parts.hostname or "", parts.port, (parts.username, parts.password)
    except ValueError:
        return f"{MALFORMED}, with a port up to 65535. Write @ : / ? # and % of a password as %40 and so on."
    if parts.scheme not in PORTS:
        return f"must begin with smtp:// or smtps://, like {EXAMPLE}."
    if not HOST.fullmatch(host) or port == 0 or parts.path.strip("/") or "#" in url or not _is_clean(url):
        return f"{MALFORMED}. Write @ : / ? # and % of a password as %40 and so on."
    return _fault_of_user(texts) or _fault_of_query(parts)


def _fault_of_user(texts: tuple[str | None, str | None]) -> str | None:
    if texts == (None, None):
        return None
    try:
        decoded = [_decoded(text or "") for text in texts]
    except UnicodeDecodeError:
        return "has a user or password that is not text in UTF-8."
    if not all(decoded):
        return "must have both a user and a password, or neither."
    is_plain = all(text.isascii() and text.isprintable() for text in decoded)
    return None if is_plain else "has a user or password with characters that are not printable ASCII."


def _fault_of_query(parts: SplitResult) -> str | None:
    if parts.query not in ("", UNPROTECTED) or (parts.query and parts.scheme == "smtps"):
        return f"can have only ?{UNPROTECTED} behind the server, with smtp://."
    if parts.query and parts.username:
        return f"must not have ?{UNPROTECTED} together with a password, which would be sent readably."
    return None


def sender_fault(address: str) -> str | None:
    """Say what is wrong with the address that mail comes from."""
    if ADDRESS.fullmatch(address):
        return None
    return f"must be an email alone, like console@example.org; it is {address!r}."


def is_address(text: str) -> bool:
    """Whether `text` can be the address that mail comes from."""
    return ADDRESS.fullmatch(text) is not None


def user_of(url: str) -> str:
    """Return the user in the address of a mail server without a `mail_url_fault`."""
    return _decoded(urlsplit(url).username or "")


def _decoded(text: str) -> str:
    return unquote_to_bytes(text).decode()


def _is_clean(url: str) -> bool:
    return url.isprintable() and " " not in url and re.search("%(?![0-9a-f]{2})", url, re.I) is None


def _protection(parts: SplitResult, host: str) -> Protection:
    if parts.scheme == "smtps":
        return Protection.TLS
    # Mail to this very machine is not sent over a network, and its server rarely has a valid certificate.
    is_plain = parts.query == UNPROTECTED or is_loopback(host)
    return Protection.NOTHING if is_plain else Protection.STARTTLS
