"""Passwords: which are accepted, and how they are hashed and verified."""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from collections.abc import Sequence

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION
from zxcvbn import zxcvbn

from dashboard.accounts.common_passwords import is_common
from dashboard.accounts.models import EMAIL_LENGTH, NAME_LENGTH
from dashboard.bounds import TRIMMED, excess
from dashboard.web.slots import Slots

MAXIMUM_LENGTH = 1024  # refused before hashing, or a megabyte would cost CPU time
ESTIMATED_LENGTH = 18
"""The most characters that zxcvbn is given. It tries every letter that each symbol can stand for: the worst
password found takes 0.15 s with 16 characters, 0.25 s with 18, 0.4 s with 20, 0.7 s with 24."""
SHORTEST_REPEAT = 4  # characters; shorter pieces repeat in any long text
COMMON_BELOW_GUESSES = 10**6  # zxcvbn's score 1: a throttled online attack succeeds
SITE_WORDS = ("staff console", "staffconsole", "dashboard")
SHORTEST_WORD = 4  # shorter parts of an email would refuse too many passwords

# OWASP Password Storage Cheat Sheet: argon2id with at least 19 MiB, t=2, p=1.
hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)
hashing = Slots(4)  # bounds the memory of concurrent hashing to about 80 MiB a worker
estimating = Slots(1)  # pure Python: two at once would each take twice as long, and slow down everything else


def normal_form(password: str) -> str:
    """Return `password` in NFKC: keyboards write one letter in different ways (NIST SP 800-63B-3, 5.1.1.2).

    A password that is too long to be accepted is returned unchanged.
    """
    is_bounded = len(password) <= MAXIMUM_LENGTH * TRIMMED  # normalising can take quadratic time
    return unicodedata.normalize("NFKC", password) if is_bounded else password


def hash_password(password: str) -> str:
    """Hash the normal form of `password` with argon2id, whole and untrimmed.

    Raises `Busy` where too many other threads are hashing.
    """
    with hashing:
        return hasher.hash(normal_form(password))


def verify_password(password_hash: str | None, password: str) -> bool:
    """Whether `password_hash` is a hash of `password`; see `matching_form`."""
    return matching_form(password_hash, password) is not None


def matching_form(password_hash: str | None, password: str) -> str | None:
    """Return the form of `password` that was hashed, normal or, in old hashes, as typed; None for neither.

    The time depends on the password alone, not on whether there is a hash or which form matches, so that it
    does not reveal which accounts exist. Raises `Busy` where too many other threads are hashing.
    """
    forms = dict.fromkeys((normal_form(password), password))
    fitting = [form for form in forms if len(form) <= MAXIMUM_LENGTH and _fits(password_hash, form)]
    return fitting[0] if fitting else None


def _fits(password_hash: str | None, form: str) -> bool:
    try:
        with hashing:
            return hasher.verify(password_hash or dummy_hash(), form) and bool(password_hash)
    except (VerificationError, InvalidHashError):
        return False


def dummy_hash() -> str:
    """Return a text in the form of a hash with the current parameters; no password is known to match it."""
    salt, digest = (b64encode(bytes(n)).decode().rstrip("=") for n in (hasher.salt_len, hasher.hash_len))
    cost = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def needs_rehash(password_hash: str) -> bool:
    """Whether `password_hash` was made with parameters other than the current ones."""
    return hasher.check_needs_rehash(password_hash)


def password_fault(
    password: str, *, minimum: int, email: str, name: str = "", words: Sequence[str] = ()
) -> str | None:
    """Return the reason why `password` is not accepted, for its user, or None.

    The rules apply to its normal form; `minimum` is a length in code points, and `words` are
    those of this console besides its name. Source: OWASP ASVS 5.0, V6.2.
    Raises `Busy` where too many other threads wait for an estimate.
    """
    password = normal_form(password)
    if len(password) < minimum:
        return f"Use at least {minimum} characters."
    if fault := excess(password, MAXIMUM_LENGTH):
        return fault
    its = [*words, *_words_of(normal_form(email[:EMAIL_LENGTH]), normal_form(name[:NAME_LENGTH]))]
    if word := _guessable_word(password, its):
        return f"Don't base the password on “{word}”."
    if is_guessable(password):
        return "This password is too common or too easy to guess. Try a few unrelated words."
    return None


def is_guessable(password: str) -> bool:
    """Whether a throttled attack that tries common passwords first would find `password`.

    Repetitions count once. The rest of a long password is accepted if its beginning or its end is hard to
    guess: a weak beginning does not make a strong end weaker.
    """
    if is_common(password):
        return True
    is_long = len(password) > ESTIMATED_LENGTH
    text = without_repeats(password) if is_long else password
    parts = dict.fromkeys([text[:ESTIMATED_LENGTH], text[-ESTIMATED_LENGTH:]])
    with estimating:
        return all(zxcvbn(part)["guesses"] < COMMON_BELOW_GUESSES for part in parts)


def without_repeats(text: str) -> str:
    """Return `text` without the pieces of 4 characters or more that repeat an earlier one."""
    parts, place = [], 0
    while place < len(text):
        size = _repeated(text, place)
        parts.append(text[place] if size == 0 else "")
        place += size or 1
    return "".join(parts)


def _repeated(text: str, place: int) -> int:
    """Return the length of the longest piece at `place` that also begins earlier, 0 where it is too short."""
    size = SHORTEST_REPEAT
    while place + size <= len(text) and text.find(text[place : place + size], 0, place + size - 1) >= 0:
        size += 1
    return size - 1 if size > SHORTEST_REPEAT else 0


def _words_of(email: str, name: str) -> list[str]:
    return [email, *re.split(r"[^\w]+", email), *name.split()]


def _guessable_word(password: str, words: Sequence[str]) -> str | None:
    """Return the one of `words`, or of the site, that makes up most of `password`; or None."""
    words = [*SITE_WORDS, *words]
    folded = password.casefold()
    for word in (w.casefold() for w in words if len(w) >= SHORTEST_WORD):
        rest = folded.replace(word, "")
        if rest != folded and len(rest) < max(SHORTEST_WORD, len(word)):
            return word
    return None
