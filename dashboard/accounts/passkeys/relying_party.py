"""The relying party: the host name that passkeys belong to, and the origin of the pages that use them.

Both come from the settings. A request decides neither, or a page of another site could ask for a passkey.
"""

from __future__ import annotations

from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import current_app, request

from dashboard.config import Settings

LOCALHOST = "localhost"
PORTS = {"http": 80, "https": 443}
ELSEWHERE = "Passkeys work at {}, not at this address."
NO_NAME = "Passkeys need a console with a host name."


@dataclass(frozen=True)
class RelyingParty:
    """``id`` is a host name, ``origin`` what browsers call the origin of the console's pages."""

    id: str
    origin: str


def relying_party(settings: Settings) -> RelyingParty | None:
    """Return the relying party of a console; None where its address has no host name.

    In development that is ``localhost`` for an address of numbers, which browsers allow no passkeys.
    """
    parts = urlsplit(settings.address)
    host = (parts.hostname or "").rstrip(".")
    if _is_number(host):
        if settings.is_production:
            return None
        host = LOCALHOST
    port = "" if parts.port in (None, PORTS[parts.scheme]) else f":{parts.port}"
    return RelyingParty(host, f"{parts.scheme}://{host}{port}")


def our_party() -> RelyingParty | None:
    """Return the relying party of the current application, or None."""
    return relying_party(current_app.extensions["settings"])


def why_not_here() -> str:
    """Say why the page of this request cannot ask for a passkey; empty where it can.

    A console may have several host names, and its passkeys belong to one.
    """
    party = our_party()
    if party is None:
        return NO_NAME
    return "" if urlsplit(request.host_url).hostname == party.id else ELSEWHERE.format(party.origin)


def _is_number(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True
