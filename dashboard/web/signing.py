"""Everything that the console signs, and the one place that knows the keys it is signed with.

The newest key signs; what the older ones of ``DASHBOARD_SECRET_KEY_FALLBACKS`` signed is still good, so that
changing the key loses no page that is open.
"""

from __future__ import annotations

import hmac
from typing import Any

from flask import Flask, current_app
from itsdangerous import Signer, URLSafeSerializer

from dashboard.config import Settings


def key_config(settings: Settings) -> dict[str, Any]:
    """Flask's configuration of its session's keys, and Flask-WTF's of those of CSRF tokens."""
    fallbacks = [*settings.secret_key_fallbacks]
    return {
        "SECRET_KEY": settings.secret_key,
        "SECRET_KEY_FALLBACKS": fallbacks,
        # Flask-WTF hands this to itsdangerous, which takes several keys: the last one signs, all verify.
        "WTF_CSRF_SECRET_KEY": [*fallbacks, settings.secret_key],
    }


def serializer(salt: str) -> URLSafeSerializer:
    """What signs and reads values for one purpose, which `salt` names."""
    return URLSafeSerializer(_keys(current_app), salt=salt)


def signer(salt: str) -> Signer:
    """What signs and reads plain text for one purpose, which `salt` names."""
    return Signer(_keys(current_app), salt=salt)


def derive_token(app: Flask, purpose: str) -> str:
    """The token of `app` for one purpose, that only the key gives: 256 bits, hex."""
    return _derived(_keys(app)[-1], purpose)


def is_derived_token(app: Flask, purpose: str, token: str) -> bool:
    """Whether `token` was derived for `purpose`, with the newest key or one of the older."""
    given = token.encode()
    return any(hmac.compare_digest(given, _derived(key, purpose).encode()) for key in _keys(app))


def _keys(app: Flask) -> list[str]:
    """The keys of `app`, the newest last, as itsdangerous wants them."""
    return [*app.config["SECRET_KEY_FALLBACKS"], app.config["SECRET_KEY"]]


def _derived(key: str, purpose: str) -> str:
    return hmac.new(key.encode(), purpose.encode(), "sha256").hexdigest()
