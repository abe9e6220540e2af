"""Tokens: random bits that a browser or a link holds, and the hashes that are stored of them."""

from __future__ import annotations

from hashlib import sha256

TOKEN_BYTES = 32


def hash_token(token: str) -> str:
    """Return the SHA-256 of a token, hex, as it is stored. Safe without a salt for random bits."""
    return sha256(token.encode(errors="replace")).hexdigest()
