"""Redirects: back to where a request came from, or to where its user starts."""

from __future__ import annotations

from posixpath import normpath
from urllib.parse import quote, unquote, urlsplit

from flask import flash, g, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from dashboard.web.addresses import asked_address, short
from dashboard.web.security_headers import LEAVES_FOR, is_local_address
from dashboard.web.starts import start_address, usual_or_chosen

FILE = "/export/csv/"
"""The rest of the address of a list's file, after that of the list."""


def redirect_to(address: str) -> BaseResponse:
    """Redirect to `address`, which the browser then requests by GET: 303 after a POST, 302 after a GET.

    The code is explicit because Flask's default differs between its releases.
    """
    return redirect(address, 302 if request.method in ("GET", "HEAD") else 303)


def leave_for(address: str) -> BaseResponse:
    """Redirect to another site, whose address comes from a setting and never from a request."""
    setattr(g, LEAVES_FOR, address)
    return redirect_to(address)


def next_address(otherwise: str) -> str:
    """Return where to go after this request: the local address in ``next``, or the endpoint `otherwise`."""
    return next_goal() or url_for(otherwise)


def next_goal() -> str:
    """Return the local address in ``next``; empty without one, or where it is only the root."""
    target = request.values.get("next", "")
    return _page_of(target) if is_local_address(target) and target != url_for("web.root") else ""


def next_or_start() -> str:
    """Return the local address in ``next``, or where the current user starts."""
    return next_goal() or usual_or_chosen()


def _page_of(target: str) -> str:
    """Return `target`, or the list where it is the file of a list.

    A link on another site, followed by a login, must not start a download.
    """
    parts = urlsplit(target)
    path = f"/{normpath(unquote(parts.path)).lstrip('/')}/"  # as browsers and the server read it
    if not path.endswith(FILE):
        return target
    page = quote(path.removesuffix(FILE) + "/")
    return f"{page}?{parts.query}" if parts.query else page


def here() -> str:
    """Return an address for coming back: this page, or the root if it does not answer a GET."""
    if request.url_rule and "GET" not in (request.url_rule.methods or ()):
        return url_for("web.root")
    return short(asked_address())


def already_logged_in(address: str = "") -> BaseResponse:
    """Redirect a logged-in user from the login page to `address`, or to where they start."""
    flash("You are already logged in.", "warning")
    return redirect_to(address or start_address())
