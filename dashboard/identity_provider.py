"""The provider of single sign-on, as settings describe it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from dashboard.hosts import is_loopback
from dashboard.variables import PREFIX, Variables

NAMES = (
    "OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "OIDC_GROUPS_CLAIM", "OIDC_ROLES",
    "OIDC_LINK_BY_EMAIL",
)  # fmt: skip
GRANTED = ("viewer", "editor", "admin")
"""The roles that groups at the provider can give; the owners of the console are chosen in the console."""
NAME_LENGTH = 40
CLAIM = re.compile(r"[\w:/.-]{1,200}", re.ASCII)
PAIR = re.compile(rf"[^,]{{1,200}}=\s*({'|'.join(GRANTED)})")


@dataclass(frozen=True, kw_only=True)
class IdentityProvider:
    """An OpenID Connect provider, and what the console takes from it.

    ``name`` stands on buttons. ``roles`` maps groups to roles; where it is empty, groups are not asked.
    ``links_by_email`` lets a verified email find the account of its user.
    """

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = "single sign-on"
    groups_claim: str = "groups"
    roles: Mapping[str, str] = field(default_factory=dict)
    links_by_email: bool = False


def told(sentence: str, provider: IdentityProvider) -> str:
    """Return a sentence that begins with the name of the provider, with a capital letter."""
    text = sentence.format(provider.name)
    return text[:1].upper() + text[1:]


def read_identity_provider(variables: Variables, *, is_production: bool) -> IdentityProvider | None:
    """Read the variables ``OIDC_*``; None where there is no provider. Complains about what is wrong."""
    given = {name: variables.values.get(name, "") for name in NAMES}
    if not given["OIDC_ISSUER"]:
        for name in (name for name in NAMES if given[name]):
            variables.complain(name, f"has no effect without {PREFIX}OIDC_ISSUER.")
        return None
    faults = {
        "OIDC_ISSUER": issuer_fault(given["OIDC_ISSUER"], is_production=is_production),
        "OIDC_CLIENT_ID": _client_fault(given["OIDC_CLIENT_ID"] or "\0"),
        "OIDC_CLIENT_SECRET": _client_fault(given["OIDC_CLIENT_SECRET"]),
        "OIDC_NAME": _name_fault(given["OIDC_NAME"]),
        "OIDC_GROUPS_CLAIM": _claim_fault(given["OIDC_GROUPS_CLAIM"]),
    }
    for name, fault in faults.items():
        if fault:
            variables.complain(name, fault)
    pairs = variables.names("OIDC_ROLES", PAIR, f"groups, each with = and {', '.join(GRANTED)},")
    links = variables.one_of("OIDC_LINK_BY_EMAIL", "no", ("no", "yes"))
    return IdentityProvider(
        issuer=given["OIDC_ISSUER"],
        client_id=given["OIDC_CLIENT_ID"],
        client_secret=given["OIDC_CLIENT_SECRET"],
        name=given["OIDC_NAME"] or IdentityProvider.name,
        groups_claim=given["OIDC_GROUPS_CLAIM"] or IdentityProvider.groups_claim,
        roles=_roles(pairs),
        links_by_email=links == "yes",
    )


def issuer_fault(address: str, *, is_production: bool) -> str | None:
    """Say what is wrong with the address of a provider; None for a good one."""
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname or "", parts.port
    except ValueError:
        return f"is not an address: {address!r}."
    if parts.username or parts.password or parts.query or parts.fragment or not host:
        return "must be an address like https://login.example.org, without a query or a password."
    # A network that can change what the provider answers can log in as any user.
    if parts.scheme == "https" or (parts.scheme == "http" and not is_production and is_loopback(host)):
        return None
    return "must begin with https://; only in development and at this machine is http:// enough."


def _client_fault(text: str) -> str | None:
    if text == "\0":
        return "is required with an issuer."
    is_plain = text.isascii() and (text.isprintable() or not text)
    return None if is_plain else "must be printable ASCII."  # RFC 6749, appendix A


def _name_fault(name: str) -> str | None:
    if len(name) <= NAME_LENGTH and (name.isprintable() or not name):
        return None
    return f"must be a name of at most {NAME_LENGTH} printable characters."


def _claim_fault(name: str) -> str | None:
    return None if not name or CLAIM.fullmatch(name) else f"must be the name of a claim; it is {name!r}."


def _roles(pairs: tuple[str, ...]) -> dict[str, str]:
    split = (pair.rpartition("=") for pair in pairs)
    return {group.strip(): role.strip() for group, _, role in split}
