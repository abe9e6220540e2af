"""The number of rows on a page of a list, remembered in a cookie."""

from __future__ import annotations

from flask import request
from werkzeug.wrappers import Response

from dashboard.listing.state import page_size
from dashboard.web.choices import remember_choice

SIZE_COOKIE = "page_size"


def remembered_size() -> int:
    """The page size for an address without one: the last that was chosen, else the default."""
    return page_size(request.cookies.get(SIZE_COOKIE, ""))


def remember_size(response: Response, size: int) -> None:
    """Remember a page size in the browser."""
    remember_choice(response, SIZE_COOKIE, str(size))
