"""Recovery codes: how they are made, typed and hashed."""

from __future__ import annotations

import secrets
import unicodedata
from hashlib import sha256

NUMBER = 10
ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"
"""32 characters, without those that look alike: each holds 5 bits."""
PARTS, PART_LENGTH = 4, 4


def new_codes() -> list[str]:
    """Return new codes, such as ``k7wq-2mzr-pd4x-9ytn``: 80 random bits each."""
    return ["-".join(_part() for _ in range(PARTS)) for _ in range(NUMBER)]


def hash_code(typed: str, user_id: int) -> str:
    """Return the SHA-256 of a code of a user, hex, however it was typed.

    A slow hash is for what people choose; nobody can try 2^80 codes.
    """
    plain = "".join(filter(str.isalnum, unicodedata.normalize("NFKC", typed).lower()))
    return sha256(f"recovery code of user {user_id}: {plain}".encode(errors="replace")).hexdigest()


def _part() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(PART_LENGTH))
