"""How many rows a page of a list has, kept with the browser of whoever chose it."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response

from dashboard.listing.state import page_size

SIZE_COOKIE = "page_size"
ONE_YEAR_SECONDS = 365 * 24 * 60 * 60


def remembered_size() -> int:
    """The page size of an address that names none: the one chosen last, if any was."""
    return page_size(request.cookies.get(SIZE_COOKIE, ""))


def remember_size(response: Response, size: int) -> None:
    """Keep a page size with this browser."""
    response.set_cookie(
        SIZE_COOKIE,
        str(size),
        max_age=ONE_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )
