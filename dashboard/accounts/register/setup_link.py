"""The one-time set-up link: who may create the first account of a console that others can reach.

The token is derived from the secret key, so every worker and node knows it and nothing is stored. It is only
valid for the first registration, so it is dead as soon as an account exists.
"""

from __future__ import annotations

from flask import Flask, current_app

from dashboard.config import Settings
from dashboard.web.signing import derive_token, is_derived_token

PURPOSE = "dashboard: register the first account"


def setup_token(app: Flask) -> str:
    """Return the token of the set-up link of `app`: 256 bits, hex."""
    return derive_token(app, PURPOSE)


def setup_link(app: Flask, address: str) -> str:
    """Return the set-up link of a console whose address is `address`."""
    return f"{address}/register?setup={setup_token(app)}"


def may_set_up(token: str) -> bool:
    """Whether `token` allows registering the first account; any does on loopback in development."""
    settings: Settings = current_app.extensions["settings"]
    if not settings.needs_setup_link:
        return True
    return is_derived_token(current_app, PURPOSE, token)
