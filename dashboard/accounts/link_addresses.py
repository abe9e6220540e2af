"""The addresses of one-time links."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, request

from dashboard.accounts.one_time_links import PARAMETER, Purpose
from dashboard.config import Settings

PATHS = {Purpose.INVITATION: "/invitation", Purpose.RESET: "/reset", Purpose.EMAIL: "/profile/email/confirm"}
REGISTRATION = "/registration"


def link_address(purpose: Purpose, token: str, console: str = "") -> str:
    """Return the whole address of a link.

    `console` is the address of the console where no setting says it; by default that of the request.
    """
    settings: Settings = current_app.extensions["settings"]
    return _address(settings.base_url or console or request.host_url, PATHS[purpose], token)


def mailed_address(path: str, token: str) -> str:
    """Return the whole address of a link in a mail: no request says where the console is."""
    settings: Settings = current_app.extensions["settings"]
    return _address(settings.address, path, token)


def _address(console: str, path: str, token: str) -> str:
    return f"{console.rstrip('/')}{path}?{urlencode({PARAMETER: token})}"
