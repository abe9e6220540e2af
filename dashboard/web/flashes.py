"""Messages that wait for the page they are about.

A message flashed before a redirect is stored in the session's cookie with the address of the redirect, and
shown when a browser opens that address; tabs that open others do not take it. A redirect from there, such as
one to the log-in page, passes it on. Two tabs that open the same address cannot be told apart: a browser
sends both requests alike, unless a script marks them, so the first one gets the message.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlsplit

from flask import Flask, Response, current_app, flash, g, request, session

from dashboard import clock
from dashboard.text.shortening import shortened

NEW = "_flashes"  # where Flask stores what is flashed until `get_flashed_messages` takes it
WAITING = "waiting"
MOST_WAITING = 8
PATIENCE = timedelta(minutes=10)
COOKIE_BYTES = 3800
"""Browsers drop a cookie of more than 4,096 bytes without a word (RFC 6265, 6.1), its name and attributes
included, and with it the session."""
SHORTEST = 20
PLACE_LENGTH = 12
ANYWHERE = ""


class Message(NamedTuple):
    """A message for a ``place``, in seconds ``since`` when; ``undo`` is the change set to take back, or 0."""

    place: str
    since: int
    category: str
    text: str
    undo: int


def init_flashes(app: Flask) -> None:
    """Show every page the messages that wait for it, and store those that a redirect leaves behind."""
    app.before_request(hand_out)
    app.after_request(keep)


def offer_undo(message: str, change_set: int) -> None:
    """Let the change set be taken back beside `message`."""
    _undoable()[message] = change_set


def take_undo(message: str) -> int | None:
    """The change set to take back beside `message`, once."""
    return _undoable().pop(message, None)


def tells_error() -> bool:
    """Whether what this request tells is that something could not be done."""
    return any(category == "error" for category, _ in session.get(NEW, ()))


def _undoable() -> dict[str, int]:
    found: dict[str, int] = g.setdefault("undoable", {})
    return found


def hand_out() -> None:
    """Flash in this request the messages that wait for the page that it opens."""
    if WAITING not in session or not _is_opening():
        return
    places, waiting = (ANYWHERE, place_of(request.full_path)), _in_time()
    _wait([message for message in waiting if message.place not in places])
    for message in waiting:
        if message.place in places:
            flash(message.text, message.category)
            if message.undo:
                offer_undo(message.text, message.undo)


def _is_opening() -> bool:
    """Whether a browser opens a page; a script that fetches one shows no messages."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def keep(response: Response) -> Response:
    """Let what was flashed and not shown wait for the page that a redirect leads to, or for any."""
    told = session.get(NEW)
    if told:
        del session[NEW]
        is_redirect = 300 <= response.status_code < 400 and response.location
        place = place_of(str(response.location)) if is_redirect else ANYWHERE
        _wait([*_in_time(), *(_message(place, category, text) for category, text in told)])
        _fit()
    return response


def _message(place: str, category: str, text: str) -> Message:
    return Message(place, int(clock.now().timestamp()), category, text, take_undo(text) or 0)


def place_of(address: str) -> str:
    """A short name of an address, the same however a browser writes it."""
    parts = urlsplit(address)
    asked = (unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True))
    return sha256(repr(asked).encode(errors="replace")).hexdigest()[:PLACE_LENGTH]


def _in_time() -> list[Message]:
    """The messages that wait, without those whose page was not opened in time."""
    since = clock.now().timestamp() - PATIENCE.total_seconds()
    waiting = (Message(*each) for each in session.get(WAITING, ()))
    return [message for message in waiting if message.since >= since]


def _wait(messages: list[Message]) -> None:
    session.pop(WAITING, None)
    if messages:
        session[WAITING] = [list(message) for message in messages[-MOST_WAITING:]]


def _fit() -> None:
    """Drop the oldest messages, and at last cut the newest, until the session fits into its cookie."""
    messages = _in_time()
    while _cookie_bytes() > COOKIE_BYTES and (len(messages) > 1 or len(messages[0].text) > SHORTEST):
        messages = messages[1:] or [_cut(messages[0])]
        _wait(messages)


def _cut(message: Message) -> Message:
    return message._replace(text=shortened(message.text, len(message.text) * 3 // 4))


def _cookie_bytes() -> int:
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return len(serializer.dumps(dict(session)))
