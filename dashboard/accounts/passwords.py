"""Passwords: which are accepted, how they are kept and how they are checked."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from zxcvbn import zxcvbn
from zxcvbn.matching import RANKED_DICTIONARIES

from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from dashboard.bounds import TRIMMED, excess
from dashboard.web.slots import Slots

MAXIMUM_LENGTH = 1024  # refused before hashing, so that nobody buys CPU time with a megabyte
ESTIMATED_LENGTH = 18
"""Characters that zxcvbn estimates at once. It tries every reading of the signs that can stand for a letter:
the worst password found takes 0.15 s with 16 characters, 0.25 s with 18, 0.4 s with 20, 0.7 s with 24."""
SHORTEST_REPEAT = 4  # characters; a shorter piece comes twice in any long text
COMMON = tuple(RANKED_DICTIONARIES.values())  # zxcvbn's own lists of passwords, words and names
COMMON_BELOW_GUESSES = 10**6  # zxcvbn's score 1: falls to a throttled online attack
SITE_WORDS = ("staff console", "staffconsole", "dashboard")
SHORTEST_WORD = 4  # a shorter part of an e-mail address would refuse too much

# OWASP Password Storage Cheat Sheet: argon2id with at least 19 MiB, t=2, p=1.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
hashing = Slots(4)  # bounds the memory of concurrent hashing to about 80 MiB a worker
estimating = Slots(1)  # pure Python: two at once would take twice as long each, and everything else as well


def normal_form(password: str) -> str:
    """`password` in NFKC, for keyboards write the same letter in different ways (NIST SP 800-63B-3, 5.1.1.2).

    One that is too long to be accepted stays as it is.
    """
    is_bounded = len(password) <= MAXIMUM_LENGTH * TRIMMED  # normalising takes the square of it at worst
    return unicodedata.normalize("NFKC", password) if is_bounded else password


def hash_password(password: str) -> str:
    """Hash the normal form of `password` with argon2id, whole and untrimmed.

    Raises `Busy` where too many others are at it.
    """
    with hashing:
        return hasher.hash(normal_form(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password` belongs to `password_hash`; see `matching_form`."""
    return matching_form(password_hash, password) is not None


def matching_form(password_hash: str | None, password: str) -> str | None:
    """The form of `password` that `password_hash` was made from: the normal one or, long ago, the one typed.

    None where neither fits. What it costs depends on the password alone: the same without a hash as with
    one, and whichever form fits, so that an account cannot be told by waiting. Raises `Busy` where too many
    others are at it.
    """
    forms = dict.fromkeys((normal_form(password), password))
    fitting = [form for form in forms if len(form) <= MAXIMUM_LENGTH and _fits(password_hash, form)]
    return fitting[0] if fitting else None


def _fits(password_hash: str | None, form: str) -> bool:
    try:
        with hashing:
            return hasher.verify(password_hash or dummy_hash(), form) and password_hash is not None
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

    All is about its normal form, and `minimum` is a length in code points. Rules: OWASP ASVS 5.0, V6.2.
    Raises `Busy` where too many others wait for an estimate.
    """
    password = normal_form(password)
    if len(password) < minimum:
        return f"Use at least {minimum} characters."
    if fault := excess(password, MAXIMUM_LENGTH):
        return fault
    if word := _guessable_word(password, normal_form(email[:EMAIL_LENGTH]), normal_form(name[:NAME_LENGTH])):
        return f"Do not build the password on “{word}”."
    if is_guessable(password):
        return "This password is too common or too easy to guess. Try a few unrelated words."
    return None


def is_guessable(password: str) -> bool:
    """Whether `password` falls to a throttled attack that tries common ones first.

    Repetitions count once. Of what is left of a long password its beginning has to be hard to guess, or else
    its end: a weak beginning takes nothing away from a long rest.
    """
    is_long = len(password) > ESTIMATED_LENGTH
    if is_long and any(password.lower() in each for each in COMMON):
        return True
    text = without_repeats(password) if is_long else password
    parts = dict.fromkeys([text[:ESTIMATED_LENGTH], text[-ESTIMATED_LENGTH:]])
    with estimating:
        return all(zxcvbn(part)["guesses"] < COMMON_BELOW_GUESSES for part in parts)


def without_repeats(text: str) -> str:
    """`text` without every piece of 4 characters or more that came in it before."""
    kept, place = [], 0
    while place < len(text):
        size = _repeated(text, place)
        kept.append(text[place] if size == 0 else "")
        place += size or 1
    return "".join(kept)


def _repeated(text: str, place: int) -> int:
    """The length of the longest piece at `place` that begins earlier as well, 0 where that is too short."""
    size = SHORTEST_REPEAT
    while place + size <= len(text) and text.find(text[place : place + size], 0, place + size - 1) >= 0:
        size += 1
    return size - 1 if size > SHORTEST_REPEAT else 0


def _guessable_word(password: str, email: str, name: str) -> str | None:
    """The word of the site, the address or the name that most of `password` consists of."""
    words = [*SITE_WORDS, email, *re.split(r"[^\w]+", email), *name.split()]
    folded = password.casefold()
    for word in (w.casefold() for w in words if len(w) >= SHORTEST_WORD):
        rest = folded.replace(word, "")
        if rest != folded and len(rest) < max(SHORTEST_WORD, len(word)):
            return word
    return None
