"""Choices that are stored in the browser: colour mode, density of lists, shortcuts, zone, form of numbers.

The zone is the one chosen in the profile, else that of the browser, which the script of the pages for logging
in sends along; without a script it is UTC. The form of numbers is the chosen one, else that of the first
language of the browser. A script that answers from a page, such as the cells of a list, names the form in
which that page was made.
"""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask, current_app, g, request
from werkzeug.wrappers import Response as BaseResponse

from dashboard.number_form import CHOSEN, DEFAULT, MARKED, NumberForm, form_of_language, stop_using, use
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
NUMBERS_COOKIE = "numbers"
NUMBERS_HEADER = "X-Numbers"
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


def remember_numbers(response: BaseResponse, name: str) -> None:
    """Store a form of numbers in this browser; any other name lets that of its language hold again."""
    remember_choice(response, NUMBERS_COOKIE, name if name in CHOSEN else "")


def chosen_numbers() -> str:
    """The form of numbers that was chosen in this browser; blank where it is that of its language."""
    name = request.cookies.get(NUMBERS_COOKIE, "")
    return name if name in CHOSEN else ""


def browser_numbers() -> NumberForm:
    """The form of numbers for the language of this browser."""
    return form_of_language(request.headers.get("Accept-Language", ""))


def form_of_page() -> NumberForm:
    """The form of numbers of the page whose script sends this request, which names it."""
    return MARKED.get(request.headers.get(NUMBERS_HEADER, ""), DEFAULT)


def _numbers() -> NumberForm:
    of_page = MARKED.get(request.headers.get(NUMBERS_HEADER, ""))
    return of_page or CHOSEN.get(chosen_numbers()) or browser_numbers()


def init_choices(app: Flask) -> None:
    """Let what this browser chose hold in each of its requests."""
    app.before_request(_prefer_chosen)
    app.teardown_request(_forget_chosen)


def _prefer_chosen() -> None:
    g.preferred = prefer(in_zone(chosen_zone() or browser_zone()))
    g.number_form = use(_numbers())


def _forget_chosen(_error: BaseException | None) -> None:
    if (token := g.pop("preferred", None)) is not None:
        forget(token)
    if (used := g.pop("number_form", None)) is not None:
        stop_using(used)
