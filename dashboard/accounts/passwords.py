"""Passwords: which are accepted, how they are kept and how they are checked."""

from __future__ import annotations

import re
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from zxcvbn import zxcvbn

MAXIMUM_LENGTH = 1024  # refused before hashing, so that nobody buys CPU time with a megabyte
ESTIMATED_LENGTH = 72  # zxcvbn's own cap; a longer password is judged by its beginning
COMMON_BELOW_GUESSES = 10**6  # zxcvbn's score 1: falls to a throttled online attack
SITE_WORDS = ("staff console", "staffconsole", "dashboard")
SHORTEST_WORD = 4  # a shorter part of an e-mail address would refuse too much

# OWASP Password Storage Cheat Sheet: argon2id with at least 19 MiB, t=2, p=1.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
_slots = BoundedSemaphore(4)  # bounds the memory of concurrent hashing to about 80 MiB a worker


def hash_password(password: str) -> str:
    """Hash `password` with argon2id, whole and untrimmed."""
    with _slots:
        return hasher.hash(password)


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to `password_hash`.

    Without a hash it costs the same time as with one, so that an unknown account cannot be told by waiting.
    """
    if len(password) > MAXIMUM_LENGTH:
        return False
    try:
        with _slots:
            return hasher.verify(password_hash or dummy_hash(), password) and password_hash is not None
    except (VerificationError, InvalidHashError):
        return False


def dummy_hash() -> str:
    """A hash with the present parameters that no password has to match; writing it down costs no hashing."""
    salt, digest = (b64encode(bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def needs_rehash(password_hash: str) -> bool:
    """Whether `password_hash` was made with other parameters than today's."""
    return hasher.check_needs_rehash(password_hash)


def password_fault(password: str, *, minimum: int, email: str, name: str = "") -> str | None:
    """Say in plain words why `password` is not accepted, or None.

    `minimum` is a length in characters. Rules: OWASP ASVS 5.0, V6.2.
    """
    if len(password) < minimum:
        return f"Use at least {minimum} characters."
    if len(password) > MAXIMUM_LENGTH:
        return f"Use at most {MAXIMUM_LENGTH} characters."
    if word := _guessable_word(password, email, name):
        return f"Do not build the password on “{word}”."
    if zxcvbn(password[:ESTIMATED_LENGTH])["guesses"] < COMMON_BELOW_GUESSES:
        return "This password is too common or too easy to guess. Try a few unrelated words."
    return None


def _guessable_word(password: str, email: str, name: str) -> str | None:
    """The word of the site, the address or the name that most of `password` consists of."""
    words = [*SITE_WORDS, email, *re.split(r"[^\w]+", email), *name.split()]
    folded = password.casefold()
    for word in (w.casefold() for w in words if len(w) >= SHORTEST_WORD):
        rest = folded.replace(word, "")
        if rest != folded and len(rest) < max(SHORTEST_WORD, len(word)):
            return word
    return None
