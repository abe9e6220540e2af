"""Signing: the only module that knows the keys that sign.

The newest key signs; signatures by the older keys in ``DASHBOARD_SECRET_KEY_FALLBACKS`` stay valid, so that
changing the key breaks no open page.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, current_app
from itsdangerous import Signer, URLSafeSerializer

from dashboard.config import Settings


def key_config(settings: Settings) -> dict[str, Any]:
    """Return the configuration of the keys of Flask's sessions and Flask-WTF's CSRF tokens."""
    fallbacks = [*settings.secret_key_fallbacks]
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": fallbacks,
        # Flask-WTF passes this to itsdangerous, which takes several keys: the last one signs, all verify.
        "WTF_CSRF_SECRET_KEY": [*fallbacks, settings.secret_key],
    }


def serializer(salt: str) -> URLSafeSerializer:
    """Return a serializer that signs and reads values for the purpose named by `salt`."""
    return URLSafeSerializer(_keys(current_app), salt=salt)


def signer(salt: str) -> Signer:
    """Return a signer of plain text for the purpose named by `salt`."""
    return Signer(_keys(current_app), salt=salt)


def derive_token(app: Flask, purpose: str) -> str:
    """Return the token of `app` for one purpose, derived from the newest key: 256 bits, hex."""
    return _derived(_keys(app)[-1], purpose)


def is_derived_token(app: Flask, purpose: str, token: str) -> bool:
    """Whether `token` was derived for `purpose` from one of the keys."""
    given = token.encode()
    return any(hmac.compare_digest(given, _derived(key, purpose).encode()) for key in _keys(app))


def _keys(app: Flask) -> list[str]:
    """Return the keys of `app`, the newest last, as itsdangerous takes them."""
    return [*app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"]]


def _derived(key: str, purpose: str) -> str:
    return hmac.new(key.encode(), purpose.encode(), "sha256").hexdigest()
