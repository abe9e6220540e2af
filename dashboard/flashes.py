"""Messages that wait for the page they are about.

A message told before a redirect is kept in the session's cookie with the address that the redirect names, and
shown when a browser asks for that address; other tabs, which ask for others, do not take it. A redirect from
there carries it along, as one to the log-in page does. Two tabs that ask for the same address cannot be told
apart: a browser sends both requests alike, unless a script marks them, so the first one gets the message.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask, Response, current_app, flash, g, request, session

from dashboard import clock
from dashboard.shortening import shortened

NEW = "_flashes"  # where Flask keeps what `flash` tells until `get_flashed_messages` asks for it
WAITING = "waiting"
MOST_WAITING = 8
PATIENCE = timedelta(minutes=10)
COOKIE_BYTES = 3800
"""Browsers drop a cookie of more than 4,096 bytes without a word (RFC 6265, 6.1), its name and attributes
included, and with it the session."""
SHORTEST = 20
PLACE_LENGTH = 12
ANYWHERE = ""

Kept = list[Any]
"""The place that a message waits for, since when in seconds, its category, its text, what undoes it or 0."""


def init_flashes(app: Flask) -> None:
    """Give every page the messages that wait for it, and keep those that a redirect leaves behind."""
    app.before_request(hand_out)
    app.after_request(keep)


def offer_undo(message: str, change_set: int) -> None:
    """Let the change set be taken back beside `message`."""
    _undoable()[message] = change_set


def take_undo(message: str) -> int | None:
    """The change set to take back beside `message`, once."""
    return _undoable().pop(message, None)


def _undoable() -> dict[str, int]:
    found: dict[str, int] = g.setdefault("undoable", {})
    return found


def hand_out() -> None:
    """Tell in this request what waits for the page that it asks for."""
    if WAITING not in session or not _is_opening():
        return
    here = place_of(request.full_path if request.query_string else request.path)
    waiting = _patient()
    _wait([kept for kept in waiting if kept[0] not in (ANYWHERE, here)])
    for _, _, category, message, change_set in (kept for kept in waiting if kept[0] in (ANYWHERE, here)):
        flash(message, category)
        if change_set:
            offer_undo(message, change_set)


def _is_opening() -> bool:
    """Whether somebody opens a page: a script that fetches one shows no messages."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def keep(response: Response) -> Response:
    """Let what was told but not shown wait for the page that a redirect leads to, or for any."""
    told = session.get(NEW)
    if told:
        del session[NEW]
        is_redirect = 300 <= response.status_code < 400 and response.location
        place = place_of(str(response.location)) if is_redirect else ANYWHERE
        _wait([*_patient(), *(_kept(place, category, message) for category, message in told)])
        _fit()
    return response


def _kept(place: str, category: str, message: str) -> Kept:
    return [place, int(clock.now().timestamp()), category, message, take_undo(message) or 0]


def place_of(address: str) -> str:
    """A short name of an address, the same however a browser writes it."""
    parts = urlsplit(address)
    asked = (unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True))
    return sha256(repr(asked).encode(errors="replace")).hexdigest()[:PLACE_LENGTH]


def _patient() -> list[Kept]:
    """What waits and has not waited for too long: whoever was to be told never came."""
    since = clock.now().timestamp() - PATIENCE.total_seconds()
    return [kept for kept in session.get(WAITING, ()) if kept[1] >= since]


def _wait(kept: list[Kept]) -> None:
    session.pop(WAITING, None)
    if kept:
        session[WAITING] = kept[-MOST_WAITING:]


def _fit() -> None:
    """Drop the oldest messages, and at last cut the newest, until the session fits into its cookie."""
    kept = session[WAITING]
    while _cookie_bytes() > COOKIE_BYTES and (len(kept) > 1 or len(kept[0][3]) > SHORTEST):
        if len(kept) > 1:
            del kept[0]
        else:
            kept[0][3] = shortened(kept[0][3], len(kept[0][3]) * 3 // 4)


def _cookie_bytes() -> int:
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return len(serializer.dumps(dict(session)))
