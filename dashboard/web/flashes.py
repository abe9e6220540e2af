"""Flashed messages, each shown on the page that it is about.

A message flashed before a redirect is stored in the session cookie with the address of the redirect, and
shown when the browser opens that address, not when another tab opens another page. A redirect from there,
such as one to the login page, passes it on. Two tabs that open the same address send the same request, so
the first of them gets the message.
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
LASTS = timedelta(minutes=10)
COOKIE_BYTES = 3800
"""Browsers silently drop a cookie of more than 4,096 bytes, including its name and attributes (RFC 6265,
6.1), and with it the session."""
SHORTEST = 20
PLACE_LENGTH = 12
ANYWHERE = ""


class Message(NamedTuple):
    """A message for a ``place``, flashed at the Unix time ``since``; ``undo`` is a change set, or 0.

    ``about`` names the record that it tells of, by its kind and its key, if there is just one.
    """

    place: str
    since: int
    category: str
    text: str
    undo: int
    about: str = ""


def init_flashes(app: Flask) -> None:
    """Show each page its messages, and store those that were flashed before a redirect."""
    app.before_request(flash_waiting)
    app.after_request(store_unshown)


def offer_undo(message: str, change_set: int) -> None:
    """Show an Undo button for a change set beside `message`."""
    _undoable()[message] = change_set


def take_undo(message: str) -> int | None:
    """Return the change set to undo beside `message`, the first time it is asked for."""
    return _undoable().pop(message, None)


def tell_of(message: str, kind: str, key: object) -> None:
    """Let the list of a kind point at the record that `message` is about."""
    _told_of()[message] = f"{kind} {key}"


def take_told_of(kind: str) -> str | None:
    """Return the key of the record of a kind that a message of this page is about, the first time."""
    for message, about in [*_told_of().items()]:
        its, _, key = about.partition(" ")
        if its == kind:
            del _told_of()[message]
            return key
    return None


def tells_error() -> bool:
    """Whether this request flashed an error."""
    return any(category == "error" for category, _ in session.get(NEW, ()))


def _undoable() -> dict[str, int]:
    found: dict[str, int] = g.setdefault("undoable", {})
    return found


def _told_of() -> dict[str, str]:
    found: dict[str, str] = g.setdefault("told_of", {})
    return found


def flash_waiting() -> None:
    """Flash the messages that wait for the page of this request."""
    if WAITING not in session or not _is_opening():
        return
    places, waiting = (ANYWHERE, place_of(request.full_path)), _in_time()
    _wait([message for message in waiting if message.place not in places])
    for message in waiting:
        if message.place in places:
            flash(message.text, message.category)
            if message.undo:
                offer_undo(message.text, message.undo)
            if message.about:
                _told_of()[message.text] = message.about


def _is_opening() -> bool:
    """Whether the browser is opening a page; a page fetched by a script shows no messages."""
    return request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def store_unshown(response: Response) -> Response:
    """Store unshown messages for the page that a redirect leads to, or for any page."""
    unshown = session.get(NEW)
    if unshown:
        del session[NEW]
        is_redirect = 300 <= response.status_code < 400 and response.location
        place = place_of(str(response.location)) if is_redirect else ANYWHERE
        _wait([*_in_time(), *(_message(place, category, text) for category, text in unshown)])
        _fit()
    return response


def _message(place: str, category: str, text: str) -> Message:
    about = _told_of().pop(text, "")
    return Message(place, int(clock.now().timestamp()), category, text, take_undo(text) or 0, about)


def place_of(address: str) -> str:
    """Return a short hash of an address, the same however the browser escapes it."""
    parts = urlsplit(address)
    asked = (unquote(parts.path), parse_qsl(parts.query, keep_blank_values=True))
    return sha256(repr(asked).encode(errors="replace")).hexdigest()[:PLACE_LENGTH]


def _in_time() -> list[Message]:
    """Return the waiting messages without those that are too old."""
    since = clock.now().timestamp() - LASTS.total_seconds()
    waiting = (Message(*each) for each in session.get(WAITING, ()))
    return [message for message in waiting if message.since >= since]


def _wait(messages: list[Message]) -> None:
    session.pop(WAITING, None)
    if messages:
        session[WAITING] = [list(message) for message in messages[-MOST_WAITING:]]


def _fit() -> None:
    """Drop the oldest messages, and then shorten the newest, until the session fits into its cookie."""
    messages = _in_time()
    while _cookie_bytes() > COOKIE_BYTES and (len(messages) > 1 or len(messages[0].text) > SHORTEST):
        messages = messages[1:] or [_cut(messages[0])]
        _wait(messages)


def _cut(message: Message) -> Message:
    return message._replace(text=shortened(message.text, len(message.text) * 3 // 4))


def _cookie_bytes() -> int:
    serializer = current_app.session_interface.get_signing_serializer(current_app)  # type: ignore[attr-defined]
    return len(serializer.dumps(dict(session)))
