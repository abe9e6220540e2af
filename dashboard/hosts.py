"""Hosts, judged by their names alone."""

from __future__ import annotations

from ipaddress import ip_address


def is_loopback(host: str) -> bool:
    """Whether a host is this machine: only it can reach a server there, and no network is in between."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
