"""Checks of single sign-on and passkeys, as lines for the check of the installation."""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask
from sqlalchemy import func, select

from dashboard.accounts.passkeys.models import Passkey
from dashboard.accounts.passkeys.relying_party import relying_party
from dashboard.accounts.single_sign_on.provider import Provider, ProviderError
from dashboard.accounts.single_sign_on.views import PROVIDER, bp
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.hosts import is_loopback
from dashboard.log_lines import escaped
from dashboard.words import counted

NOT_HTTPS = "a browser is sent back to {}, which needs https; change DASHBOARD_BASE_URL"
NO_HOST_NAME = "passkeys: {} cannot be used, for DASHBOARD_BASE_URL has no host name"
BOUND = "passkeys: {}, of use only at {}; those that were added at another host name no longer work"


def provider_checked(app: Flask) -> tuple[str, str] | None:
    """Return the line about single sign-on and what is wrong, empty if nothing is; None where it is off."""
    provider: Provider | None = app.extensions.get(PROVIDER)
    if provider is None:
        return None
    back = f"{app.extensions['settings'].address}{bp.url_prefix}/callback"
    parts = urlsplit(back)
    line = f"single sign-on: {provider.settings.issuer}, back to {back}"
    if parts.scheme != "https" and not is_loopback(parts.hostname or ""):
        return line, NOT_HTTPS.format(back)
    try:
        provider.check()
    except ProviderError as error:
        return line, escaped(str(error))
    return line, ""


def passkeys_told(app: Flask) -> tuple[bool, str] | None:
    """Return whether the passkeys of users can be used, and a line about them; None where nobody has one.

    The table does not say at which host name a passkey was added, so the line tells how many there are.
    """
    settings: Settings = app.extensions["settings"]
    with app.app_context():
        number = db.session.scalar(select(func.count()).select_from(Passkey)) or 0
        db.session.remove()
        db.engine.dispose()
    if not number:
        return None
    party, passkeys = relying_party(settings), counted(number, "passkey")
    if party is None:
        return False, NO_HOST_NAME.format(passkeys)
    return True, BOUND.format(passkeys, party.id)
