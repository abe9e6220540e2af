"""Asking a service whether a password is known from a breach, without telling it the password.

Of the SHA-1 of a password only the first 5 of 40 hexadecimal digits leave the console; the service answers
with the rest of all that begin so, some 800, and padding that hides how many (k-anonymity). A service that is
slow or fails refuses nobody.
"""

from __future__ import annotations

import logging
from hashlib import sha1

from requests import RequestException, Session

from dashboard.accounts.services import Askers, NoAnswerError, bound

PREFIX_DIGITS = 5
SECONDS = 2.0
"""How long the whole answer may take."""
LONGEST_ANSWER = 256 * 1024  # bytes; the usual one has about 40,000
AT_ONCE = 4
HEADERS = {"Add-Padding": "true", "User-Agent": "staff-dashboard"}

askers = Askers(AT_ONCE, wait=0)  # a slow service must not hold up all threads
log = logging.getLogger(__name__)


def is_breached(password: str, service: str) -> bool:
    """Whether the service at the address `service` knows `password`; False where it does not answer.

    The service speaks the protocol of https://haveibeenpwned.com/API/v3#PwnedPasswords.
    """
    digest = sha1(password.encode(errors="replace"), usedforsecurity=False).hexdigest().upper()
    address = f"{service.rstrip('/')}/{digest[:PREFIX_DIGITS]}"
    try:
        answer = askers.ask(lambda: _ask(address), SECONDS)
    except (NoAnswerError, RequestException, ValueError) as error:
        log.warning("The breach check did not answer: %s", type(error).__name__)
        return False
    return _holds(answer, digest[PREFIX_DIGITS:])


def _ask(address: str) -> str:
    with Session() as session:
        bound(session, seconds=SECONDS, longest=LONGEST_ANSWER)
        response = session.get(address, headers=HEADERS)
    response.raise_for_status()
    return response.content.decode("ascii")


def _holds(answer: str, rest: str) -> bool:
    """Whether a line of the answer is about this password; lines of padding have a count of 0."""
    for line in answer.splitlines():
        found, _, count = line.partition(":")
        if found.strip().upper() == rest:
            return count.strip() != "0"
    return False
