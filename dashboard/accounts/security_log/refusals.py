"""Logging requests that were answered with 403."""

from __future__ import annotations

from flask import Response, g, request

from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_refusal
from dashboard.accounts.security_log.origins import acting_user

FORBIDDEN = 403


def note_refusal(response: Response) -> Response:
    """Log a request of a user without the permission, and one that another site made."""
    if response.status_code != FORBIDDEN:
        return response
    if g.get("is_foreign"):
        log_refusal(Event.FORGERY_REFUSED, reason="from another site")
    elif acting_user():
        log_refusal(Event.ACCESS_REFUSED, endpoint=request.endpoint or "")
    return response
