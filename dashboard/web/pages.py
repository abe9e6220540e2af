"""Values and routes that all pages share: the frame, the root address, the colour mode, request ids."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import Any

from flask import Blueprint, Flask, Response, g, request
from markupsafe import Markup
from werkzeug.wrappers import Response as BaseResponse

from dashboard.number_form import DEFAULT, NumberForm, number_form, number_words
from dashboard.preferences import preferences
from dashboard.web.addresses import page_url, query_of
from dashboard.web.choices import (
    color_mode,
    density,
    init_choices,
    remember_density,
    remember_mode,
    single_keys,
)
from dashboard.web.moments import recent_in_page, time_in_page
from dashboard.web.navigation import navigation
from dashboard.web.returning import here, next_address, redirect_to
from dashboard.web.starts import front_address

BRAND = "Staff console"
CACHED_PARTS = 128  # of some kilobytes each: the drawer of a thousand categories is longer than a page
bp = Blueprint("web", __name__)


@bp.get("/")
def root() -> BaseResponse:
    """Redirect to where the user starts, or to the login page."""
    return redirect_to(front_address())


@bp.post("/mode")
def set_mode() -> BaseResponse:
    """Store the colour mode or the density in a cookie: the first paint is right without a script."""
    response = redirect_to(next_address("web.root"))
    remember_mode(response, request.form.get("mode", ""))
    remember_density(response, request.form.get("density", ""))
    return response


def _draw(_form: NumberForm, macro: Callable[..., Markup], *arguments: Hashable) -> Markup:
    return macro(*arguments)


def init_web(app: Flask) -> None:
    """Register the routes and values that all pages share."""
    app.register_blueprint(bp)
    app.before_request(_name_request)
    init_choices(app)
    app.after_request(_tell_request_id)
    app.context_processor(_page_context)
    app.jinja_env.globals.update(page_url=page_url, here=here, query_of=query_of)
    app.jinja_env.globals.update(time_in_page=time_in_page, recent_in_page=recent_in_page)
    app.jinja_env.filters["number"] = number_words
    # Draws a part of a page that shows nothing but its arguments, and keeps it for whoever sees the same in
    # the same form of numbers. By type as well, for what is safe and what is not may be equal.
    drawn = lru_cache(CACHED_PARTS, typed=True)(_draw)
    app.jinja_env.globals["cached"] = lambda macro, *given: drawn(number_form(), macro, *given)


def _name_request() -> None:
    g.request_id = secrets.token_hex(8)


def _tell_request_id(response: Response) -> Response:
    response.headers["X-Request-ID"] = g.get("request_id", "")
    return response


def _page_context() -> dict[str, Any]:
    return {
        "brand": BRAND,
        "color_mode": color_mode(),
        "density": density(),
        # A page with numbers to type sends it along, unless they are in the usual form.
        "number_mark": number_form().mark if number_form() != DEFAULT else "",
        "nav": navigation(),
        "request_id": g.get("request_id", ""),
        "single_keys": single_keys(),
        # The end of the head of a column of moments.
        "zone_mark": " UTC" if preferences().is_utc else "",
    }
