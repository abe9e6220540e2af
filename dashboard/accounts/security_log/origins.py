"""Where an event comes from: the user, the address, the device and the number of the request."""

from __future__ import annotations

from typing import Any

from flask import g, has_request_context, request
from flask_login import current_user
from ua_parser import parse

from dashboard.accounts.models import User
from dashboard.accounts.networks import network_of
from dashboard.accounts.security_log.models import ADDRESS_LENGTH, DEVICE_LENGTH

AGENT_LENGTH = 400  # of what a client says about itself, before it is read
COMMAND_LINE = "Command line"


def device(user_agent: str) -> str:
    """Return the names of a browser and its system, such as "Chrome on Linux"."""
    found = parse(user_agent[:AGENT_LENGTH])
    browser = found.user_agent.family if found.user_agent else "Unknown browser"
    return f"{browser} on {found.os.family}" if found.os else browser


def origin() -> dict[str, Any]:
    """Return the columns of the log that say where a request comes from."""
    if not has_request_context():
        return {"device": COMMAND_LINE}
    address = request.remote_addr or ""
    return {
        "address": _printable(address)[:ADDRESS_LENGTH],
        "network": network_of(address),
        "device": _printable(device(request.user_agent.string))[:DEVICE_LENGTH],
        "request_id": g.get("request_id", ""),
    }


def _printable(text: str) -> str:
    return "".join(filter(str.isprintable, text))


def acting_user() -> User | None:
    """Return the user who is logged in; None where there is none, and on the command line."""
    if not (has_request_context() and current_user.is_authenticated):
        return None
    user: User = current_user._get_current_object()
    return user
