"""The limits on attempts to log in, and the networks that attempts come from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from ipaddress import ip_address, ip_network

PERIOD = timedelta(minutes=5)
PER_PAIR = 10
"""Attempts on one account from one network in a `PERIOD` (security line 17)."""
PER_NETWORK = 10
IN_TOTAL = 1000
PREFIX_OF_IPV6 = 64  # what one customer of a provider gets, who could take another address for each attempt


@dataclass(frozen=True)
class Limit:
    """A count of attempts and how high it may be; ``key`` is that of its row."""

    key: str
    most: int


def network_of(address: str) -> str:
    """Return the network that stands for an address: IPv4 as it is, of IPv6 the first 64 bits."""
    host, colon, _ = address.rpartition(":")
    for text in (address, host) if colon else (address,):  # some proxies send the port along
        try:
            found = ip_address(text.strip("[]"))
        except ValueError:
            continue
        found = getattr(found, "ipv4_mapped", None) or found
        is_single = found.version == 4  # IPv4 addresses are scarce, so that one is a network
        return str(found) if is_single else str(ip_network((found, PREFIX_OF_IPV6), strict=False))
    return ""  # a Unix socket has no address


def pair_of(email: str, network: str) -> Limit:
    """Return the limit of attempts on one account from one network."""
    return Limit(_key("pair", email, network), PER_PAIR)


def general(network: str) -> Sequence[Limit]:
    """Return the limits that are not about one account, which hold where its user is not known."""
    return (Limit(_key("network", network), PER_NETWORK), Limit(_key("total"), IN_TOTAL))


def _key(*parts: str) -> str:
    # The length before each part: no two lists of parts have one key.
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode(errors="replace")).hexdigest()
