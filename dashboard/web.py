"""What every page shares: where a request may be sent next, the navigation, what a browser keeps, its id."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from functools import cache, lru_cache
from posixpath import normpath
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from flask import Blueprint, Flask, Response, current_app, flash, g, redirect, request, url_for
from flask_login import current_user
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from dashboard.addresses import Query, asked_address, short
from dashboard.clock import moment_words
from dashboard.permissions import Permission, granted
from dashboard.security_headers import is_local_address

BRAND = "Staff console"
MODES = ("light", "dark", "system")
MODE_COOKIE = "mode"
KEYS_COOKIE = "keys"
KEYS_OFF = "off"
ONE_YEAR_SECONDS = 365 * 24 * 3600
KEPT_PARTS = 128  # of some kilobytes each: the drawer of a thousand categories is longer than a page
START = "products.index_view"
FILE = "/export/csv/"
"""Where the file of a list is, after the address of the list."""

# The last word is what goes there by keyboard, after a g.
NAVIGATION = (
    ("", "Home", "admin.index", "home", Permission.HOME_READ, "h"),
    ("", "History", "history.index_view", "clock", Permission.HOME_READ, "y"),
    ("Catalogue", "Products", "products.index_view", "box", Permission.PRODUCTS_READ, "p"),
    ("Catalogue", "Categories", "categories.index_view", "tag", Permission.CATEGORIES_READ, "c"),
    ("Catalogue", "Trash", "trash.index_view", "bin", Permission.PRODUCTS_WRITE, "t"),
    ("People", "Users", "users.index_view", "people", Permission.USERS_READ, "u"),
)

bp = Blueprint("web", __name__)


class NavItem(NamedTuple):
    """One link of the navigation."""

    label: str
    url: str
    icon: str
    active: bool
    group: str
    key: str


@bp.get("/")
def root() -> BaseResponse:
    """Send people to where their work is, or to sign in."""
    return redirect(url_for(START if current_user.is_authenticated else "login.login"))


@bp.post("/mode")
def set_mode() -> BaseResponse:
    """Keep the colour mode in a cookie, so that the first paint has the right colours without a script."""
    response = redirect(next_address("web.root"))
    remember_mode(response, request.form.get("mode", ""))
    return response


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
    return redirect(address or url_for(START))


def navigation() -> tuple[NavItem, ...]:
    """The screens that the person at hand may open."""
    return _navigation(request.script_root, request.blueprint, granted())


@lru_cache(KEPT_PARTS)
def _navigation(
    _script_root: str, here: str | None, permissions: frozenset[Permission]
) -> tuple[NavItem, ...]:
    return tuple(
        NavItem(label, url_for(endpoint), icon, here == endpoint.split(".")[0], group, key)
        for group, label, endpoint, icon, permission, key in NAVIGATION
        if permission in permissions
    )


def page_url(endpoint: str) -> str:
    """The address of a page that takes no parameters; every page holds a dozen of them."""
    return _page_url(request.script_root, endpoint)


@cache
def _page_url(_script_root: str, endpoint: str) -> str:
    return url_for(endpoint)


def query_of(address: str) -> Query:
    """The parameters that a form has to send so that it asks for `address`."""
    return tuple(parse_qsl(urlsplit(address).query, keep_blank_values=True))


def _draw(macro: Callable[..., Markup], *arguments: Hashable) -> Markup:
    return macro(*arguments)


def init_web(app: Flask) -> None:
    """Register what every page shares."""
    app.register_blueprint(bp)
    app.before_request(_name_request)
    app.after_request(_tell_request_id)
    app.context_processor(_page_context)
    app.jinja_env.globals.update(page_url=page_url, here=here, query_of=query_of)
    app.jinja_env.filters["moment_words"] = moment_words
    # Draws a part of a page that shows nothing but its arguments, and keeps it for whoever sees the same.
    # By type as well, for what is safe and what is not may be equal.
    app.jinja_env.globals["kept"] = lru_cache(KEPT_PARTS, typed=True)(_draw)


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _tell_request_id(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def _page_context() -> dict[str, Any]:
    return {
        "brand": BRAND,
        "color_mode": color_mode(),
        "nav": navigation(),
        "request_id": g.get("request_id", ""),
        "single_keys": single_keys(),
    }
