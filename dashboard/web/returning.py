"""Where a request is sent next: back to where it came from, or to the start."""

from __future__ import annotations

from posixpath import normpath
from urllib.parse import quote, unquote, urlsplit

from flask import flash, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from dashboard.web.addresses import asked_address, short
from dashboard.web.security_headers import is_local_address

START = "products.index_view"
FILE = "/export/csv/"
"""Where the file of a list is, after the address of the list."""


def redirect_to(address: str) -> BaseResponse:
    """Send the browser to `address`, which it always asks for by GET: 303 after a POST, 302 after a GET.

    The code is said because the default of Flask's own function differs between its releases.
    """
    return redirect(address, 302 if request.method in ("GET", "HEAD") else 303)


def next_address(otherwise: str) -> str:
    """Where to go after this request: the local address in ``next``, or else the endpoint `otherwise`."""
    target = request.values.get("next", "")
    return _page_of(target) if is_local_address(target) else url_for(otherwise)


def _page_of(target: str) -> str:
    """`target`, or the list of which it is the file.

    A file is given to those who ask for it, not to those who follow a link of another site and log in.
    """
    parts = urlsplit(target)
    path = f"/{normpath(unquote(parts.path)).lstrip('/')}/"  # as browsers and the server read it
    if not path.endswith(FILE):
        return target
    page = quote(path.removesuffix(FILE) + "/")
    return f"{page}?{parts.query}" if parts.query else page


def here() -> str:
    """An address to come back to: this page, or the start if it only answers what was sent to it."""
    if request.url_rule and "GET" not in (request.url_rule.methods or ()):
        return url_for("web.root")
    return short(asked_address())


def already_logged_in(address: str = "") -> BaseResponse:
    """Send a user who is logged in from a page for logging in to `address`, or to the start page."""
    flash("You are already logged in.", "warning")
    return redirect_to(address or url_for(START))
