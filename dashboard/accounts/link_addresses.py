"""The addresses of one-time links."""

from __future__ import annotations

from urllib.parse import urlencode

from flask import current_app, request

from dashboard.accounts.one_time_links import PARAMETER, Purpose
from dashboard.config import Settings

PATHS = {Purpose.INVITATION: "/invitation", Purpose.RESET: "/reset"}


def link_address(purpose: Purpose, token: str, console: str = "") -> str:
    """Return the whole address of a link.

    `console` is the address of the console where no setting says it; by default that of the request.
    """
    settings: Settings = current_app.extensions["settings"]
    console = settings.base_url or console or request.host_url
    return f"{console.rstrip('/')}{PATHS[purpose]}?{urlencode({PARAMETER: token})}"
