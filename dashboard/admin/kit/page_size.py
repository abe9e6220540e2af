"""How many rows a page of a list has, kept with the browser of whoever chose it."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from dashboard.listing.state import page_size
from dashboard.web.choices import remember_choice

SIZE_COOKIE = "page_size"


def remembered_size() -> int:
    """The page size of an address that names none: the one chosen last, if any was."""
    return page_size(request.cookies.get(SIZE_COOKIE, ""))


def remember_size(response: Response, size: int) -> None:
    """Keep a page size with this browser."""
    remember_choice(response, SIZE_COOKIE, str(size))
