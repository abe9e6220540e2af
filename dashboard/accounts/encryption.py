"""Encryption of secrets that have to be read again, such as the seeds of authenticator apps.

The keys are made of ``DASHBOARD_ENCRYPTION_KEY``, and of the secret keys where that is not set. The first key
encrypts. The others, and those of all secret keys, still decrypt, so that no change of keys loses a secret.
"""

from __future__ import annotations

import secrets
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import current_app

from dashboard.config import Settings

OF_ENCRYPTION_KEY = b"dashboard: secrets of accounts"
OF_SECRET_KEY = b"dashboard: secrets of accounts, by the secret key"
KEY_BYTES, ID_BYTES, NONCE_BYTES = 32, 4, 12
KEYS = 64  # of which the derived ones are remembered


class UnreadableSecret(Exception):  # noqa: N818 - says what happened, as `Busy` does
    """A secret was encrypted by a key that is gone, or for something else, or was changed."""


@dataclass(frozen=True)
class Key:
    """A key; ``id`` stands before what it encrypted, and says nothing about the key."""

    id: str
    cipher: AESGCM


def encrypt(text: str, purpose: str) -> str:
    """Encrypt a text so that it can be read for the same `purpose` only, such as the seed of one user."""
    key, nonce = _keys()[0], secrets.token_bytes(NONCE_BYTES)
    sealed = key.cipher.encrypt(nonce, text.encode(), purpose.encode())
    return f"{key.id}.{urlsafe_b64encode(nonce + sealed).decode()}"


def decrypt(stored: str, purpose: str) -> str:
    """Return a text that was encrypted for `purpose`; raises UnreadableSecret."""
    name, _, rest = stored.partition(".")
    try:
        sealed = b64decode(rest, altchars=b"-_", validate=True)
    except ValueError as error:
        raise UnreadableSecret from error
    for key in (key for key in _keys() if key.id == name):
        try:
            return key.cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise UnreadableSecret


def newest_key() -> str:
    """Return the id of the key that encrypts, with which all that it encrypted begins."""
    return _keys()[0].id


def _keys() -> list[Key]:
    settings: Settings = current_app.extensions["settings"]
    signing = (settings.secret_key, *settings.secret_key_fallbacks)
    return [
        *(_key(text, OF_ENCRYPTION_KEY) for text in settings.encryption_keys),
        *(_key(text, OF_SECRET_KEY) for text in signing),
    ]


@lru_cache(KEYS)
def _key(text: str, purpose: bytes) -> Key:
    derived = HKDF(SHA256(), KEY_BYTES + ID_BYTES, salt=None, info=purpose).derive(text.encode())
    return Key(derived[KEY_BYTES:].hex(), AESGCM(derived[:KEY_BYTES]))
