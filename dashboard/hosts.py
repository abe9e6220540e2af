"""Hosts and addresses, judged by their text alone."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: only it can reach a server there, and no network is in between."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def service_fault(value: str) -> str | None:
    """Return what is wrong with the address of a service; None for a good or empty one."""
    try:
        parts = urlsplit(value)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.username is None
    except ValueError:
        is_address = False
    if not value or (is_address and not parts.query and not parts.fragment):
        return None
    return "must be an address like https://api.pwnedpasswords.com/range, without a query or a password."
