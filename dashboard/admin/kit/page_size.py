"""The number of rows on a page of a list, remembered in a cookie."""

from __future__ import annotations

import re

from flask import request
from werkzeug.wrappers import Response

from dashboard.web.choices import remember_choice

SIZE_COOKIE = "page_size"
DIGITS = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def remembered_size() -> int | None:
    """The page size for an address without one: the last that was chosen on any list."""
    text = request.cookies.get(SIZE_COOKIE, "")
    return int(text) if DIGITS.fullmatch(text) else None


def remember_size(response: Response, size: int) -> None:
    """Remember a page size in the browser."""
    remember_choice(response, SIZE_COOKIE, str(size))
