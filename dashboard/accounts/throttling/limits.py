"""The limits on attempts to log in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from hashlib import sha256

PERIOD = timedelta(minutes=5)
PER_PAIR = 10
"""Attempts on one account from one network in a `PERIOD` (security line 17)."""
PER_NETWORK = 10
IN_TOTAL = 1000
DAY = timedelta(days=1)
CODES_PER_ACCOUNT = 10
"""Wrong codes for one account in a `PERIOD`, from all networks where its user is not known."""
CODES_A_DAY = 50
"""Wrong codes for one account in a day, from all such networks, and from each where its user is known.

Whoever has the password must not find a code of six digits."""


class Guess(StrEnum):
    """The parts of an attempt that can be wrong, in words; codes have limits of their own."""

    PASSWORD = "wrong password"  # noqa: S105 - says what is wrong
    CODE = "wrong code"
    PASSKEY = "wrong passkey"


@dataclass(frozen=True)
class Limit:
    """A count of attempts and how high it may be in a ``period``; ``key`` is that of its row."""

    key: str
    most: int
    period: timedelta = PERIOD


def pair_of(email: str, network: str, device: str = "") -> Limit:
    """Return the limit of attempts on one account from one network, or from a browser known to it."""
    return Limit(_key("device", email, device) if device else _key("pair", email, network), PER_PAIR)


def general(network: str) -> Sequence[Limit]:
    """Return the limits that are not about one account, which hold where its user is not known."""
    return (Limit(_key("network", network), PER_NETWORK), Limit(_key("total"), IN_TOTAL))


def of_codes(email: str, device: str = "") -> Sequence[Limit]:
    """Return the limits of codes for one account: in a known browser, or in all others together."""
    if device:
        return (Limit(_key("codes of a day", email, device), CODES_A_DAY, DAY),)
    return (
        Limit(_key("codes", email), CODES_PER_ACCOUNT),
        Limit(_key("codes of a day", email), CODES_A_DAY, DAY),
    )


def of_asking(network: str) -> Sequence[Limit]:
    """Return the limits of asking for mails without an account."""
    return (Limit(_key("asking", network), PER_NETWORK), Limit(_key("asking in total"), IN_TOTAL))


def _key(*parts: str) -> str:
    # The length before each part: no two lists of parts have one key.
    return sha256("".join(f"{len(part)}:{part}" for part in parts).encode(errors="replace")).hexdigest()
