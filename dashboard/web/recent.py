"""The records that this browser opened last, in a signed cookie.

They belong to the user who opened them: for anyone else at the same browser there are none, and logging out
deletes them. Only keys are stored, never names, so that what is shown obeys the permissions of that moment.
"""

from __future__ import annotations

from typing import NamedTuple

from flask import after_this_request, current_app, request
from flask_login import current_user
from itsdangerous import BadSignature
from werkzeug.wrappers import Response

from dashboard.web.signing import serializer

RECENT_COOKIE = "recent"
SALT = "recent records"
MOST_RECENT = 8
MOST_BYTES = 1_000
"""Browsers send the cookie with every request; the oldest records are dropped until it fits."""


class Opened(NamedTuple):
    """A record that was opened: the endpoint of its screen, and its key as a text."""

    endpoint: str
    key: str


def recent_records() -> list[Opened]:
    """Return the records that the current user opened last in this browser, the newest first."""
    text = request.cookies.get(RECENT_COOKIE, "")
    try:
        user_id, records = serializer(SALT).loads(text)
    except BadSignature:
        return []
    return [Opened(*each) for each in records] if user_id == current_user.id else []


def note_opened(endpoint: str, key: str) -> None:
    """Let the answer to this request store that the current user has opened a record."""
    before, opened = recent_records(), Opened(endpoint, key)
    if request.method != "GET" or opened in before[:1]:
        return
    text = _fitting([opened, *(each for each in before if each != opened)])

    @after_this_request
    def store(response: Response) -> Response:
        if text:
            secure = current_app.config["SESSION_COOKIE_SECURE"]
            response.set_cookie(RECENT_COOKIE, text, httponly=True, samesite="Lax", secure=secure)
        return response


def forget_opened(response: Response) -> None:
    """Delete what this browser remembers of the records that were opened."""
    response.delete_cookie(RECENT_COOKIE)


def _fitting(records: list[Opened]) -> str:
    """The value of the cookie with the first of `records`; empty where not even one of them fits."""
    for number in range(min(len(records), MOST_RECENT), 0, -1):
        text = serializer(SALT).dumps([current_user.id, records[:number]])
        if len(text) <= MOST_BYTES:
            return str(text)
    return ""
