"""Choices that are stored in the browser: colour mode, density of lists, single-key shortcuts, zone of times.

The zone is the one chosen in the profile, else that of the browser, which the script of the pages for logging
in sends along; without a script it is UTC.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response as BaseResponse

from dashboard.preferences import forget, in_zone, is_zone, prefer

MODES = ("light", "dark", "system")
MODE_COOKIE = "mode"
DENSITIES = ("comfortable", "compact")
DENSITY_COOKIE = "density"
KEYS_COOKIE = "keys"
KEYS_OFF = "off"
ZONE_COOKIE = "zone"
BROWSER_ZONE_COOKIE = "browser_zone"
ZONE_FIELD = "zone"
"""The field of forms for logging in that holds the zone of the browser."""
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


def remember_zone(response: BaseResponse, name: str) -> None:
    """Store a zone in this browser; any other name lets the zone of the browser hold again."""
    remember_choice(response, ZONE_COOKIE, name if is_zone(name) else "")


def remember_browser_zone(response: BaseResponse, sent: Mapping[str, str]) -> BaseResponse:
    """Store the zone that the script of a page for logging in has `sent`, if it is one."""
    name = sent.get(ZONE_FIELD, "")
    if name and is_zone(name):
        remember_choice(response, BROWSER_ZONE_COOKIE, name)
    return response


def chosen_zone() -> str:
    """The zone that was chosen in this browser; blank where it is the browser's own."""
    name = request.cookies.get(ZONE_COOKIE, "")
    return name if is_zone(name) else ""


def browser_zone() -> str:
    """The zone of this browser; blank where it is not known."""
    name = request.cookies.get(BROWSER_ZONE_COOKIE, "")
    return name if is_zone(name) else ""


def init_choices(app: Flask) -> None:
    """Let what this browser chose hold in each of its requests."""
    app.before_request(_prefer_chosen)
    app.teardown_request(_forget_chosen)


def _prefer_chosen() -> None:
    g.preferred = prefer(in_zone(chosen_zone() or browser_zone()))


def _forget_chosen(_error: BaseException | None) -> None:
    if (token := g.pop("preferred", None)) is not None:
        forget(token)
