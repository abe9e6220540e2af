"""Columns that hold secrets, told by their names."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Any

from sqlalchemy import Column

SECRET_WORDS = frozenset(
    {
        *("hash", "otp", "passcode", "passphrase", "passwd", "password", "pin", "pwd"),
        *("salt", "secret", "seed", "token", "totp"),
    }
)
SECRET_PAIRS = frozenset({("access", "key"), ("api", "key"), ("encryption", "key"), ("private", "key")})
"""Two words that follow each other."""
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


def is_secret(column: Column[Any], name: str) -> bool:
    """Whether a column looks like a secret by its name or by the `name` of its field.

    One that refers to another table holds the key of a record.
    """
    return not column.foreign_keys and any(map(sounds_secret, {column.name, name}))


def sounds_secret(name: str) -> bool:
    """Whether a name has a word of a secret: ``password_hash`` and ``apiKey``, but not ``tokens_used``."""
    words = [word.lower() for word in WORD.findall(name)]
    return not SECRET_WORDS.isdisjoint(words) or not SECRET_PAIRS.isdisjoint(pairwise(words))
