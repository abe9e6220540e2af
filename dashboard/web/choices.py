"""Choices that are stored in the browser: colour mode, density of lists, single-key shortcuts."""

from __future__ import annotations

from flask import current_app, request
from werkzeug.wrappers import Response as BaseResponse

MODES = ("light", "dark", "system")
MODE_COOKIE = "mode"
DENSITIES = ("comfortable", "compact")
DENSITY_COOKIE = "density"
KEYS_COOKIE = "keys"
KEYS_OFF = "off"
ONE_YEAR_SECONDS = 365 * 24 * 3600


def remember_mode(response: BaseResponse, mode: str) -> None:
    """Store a colour mode in this browser; unknown modes are ignored."""
    if mode in MODES:
        remember_choice(response, MODE_COOKIE, mode)


def remember_density(response: BaseResponse, density: str) -> None:
    """Store in this browser how close the rows of lists are; unknown densities are ignored."""
    if density in DENSITIES:
        remember_choice(response, DENSITY_COOKIE, density)


def remember_single_keys(response: BaseResponse, on: bool) -> None:
    """Store in this browser whether single-key shortcuts are on (WCAG 2.1.4)."""
    remember_choice(response, KEYS_COOKIE, "on" if on else KEYS_OFF)


def remember_choice(response: BaseResponse, cookie: str, value: str) -> None:
    """Store a choice in this browser for a year."""
    response.set_cookie(
        cookie,
        value,
        max_age=ONE_YEAR_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=current_app.config["SESSION_COOKIE_SECURE"],
    )


def color_mode() -> str:
    """Return the colour mode of this browser, ``system`` by default."""
    mode = request.cookies.get(MODE_COOKIE, "system")
    return mode if mode in MODES else "system"


def density() -> str:
    """Return how close the rows of lists are in this browser, ``comfortable`` by default."""
    chosen = request.cookies.get(DENSITY_COOKIE)
    return chosen if chosen in DENSITIES else DENSITIES[0]


def single_keys() -> bool:
    """Whether single-key shortcuts are on in this browser; they are unless they were switched off."""
    return request.cookies.get(KEYS_COOKIE) != KEYS_OFF
