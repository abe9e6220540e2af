"""The networks that requests come from."""

from __future__ import annotations

from ipaddress import ip_address, ip_network

NETWORK_LENGTH = 49  # the longest textual IPv6 network
PREFIX_OF_IPV6 = 56
"""Bits that providers give to one customer (RIPE-690), who could take another address for each attempt."""


def network_of(address: str) -> str:
    """Return the network that stands for an address: IPv4 as it is, of IPv6 the first 56 bits."""
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
