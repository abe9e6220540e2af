"""What a browser keeps of the choices of its user: the colour mode and shortcuts of a single key."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

MODES = ("light", "dark", "system")
MODE_COOKIE = "mode"
KEYS_COOKIE = "keys"
KEYS_OFF = "off"
ONE_YEAR_SECONDS = 365 * 24 * 3600


def remember_mode(response: BaseResponse, mode: str) -> None:
    """Keep a colour mode with this browser; anything that is none is ignored."""
    if mode in MODES:
        keep_choice(response, MODE_COOKIE, mode)


def remember_single_keys(response: BaseResponse, on: bool) -> None:
    """Keep with this browser whether shortcuts of a single key are on (WCAG 2.1.4)."""
    keep_choice(response, KEYS_COOKIE, "on" if on else KEYS_OFF)


def keep_choice(response: BaseResponse, cookie: str, value: str) -> None:
    """Keep with this browser, for a year, what somebody chose."""
    response.set_cookie(
        cookie,
        value,
        max_age=ONE_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def color_mode() -> str:
    """The colour mode of this browser; the system decides unless the person did."""
    mode = request.cookies.get(MODE_COOKIE, "system")
    return mode if mode in MODES else "system"


def single_keys() -> bool:
    """Whether shortcuts of a single key are on in this browser; they are unless the person said otherwise."""
    return request.cookies.get(KEYS_COOKIE) != KEYS_OFF
