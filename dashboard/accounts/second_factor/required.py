"""Users whose role needs a second factor: without one, they can only set one up (security line 64)."""

from __future__ import annotations

from flask import Flask, abort, current_app, g, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.asking import is_script, page_with_draft
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.config import NO_ROLE, Settings
from dashboard.permissions import Role
from dashboard.web.returning import redirect_to

OPEN = "open_without_a_factor"
"""The key of `app.extensions` with the endpoints that users may use who still have to set up a factor."""
ALWAYS_OPEN = (
    *("login.login", "login.logout", "logout.logout", "reauthentication.confirm", "web.set_mode"),
    "second_factor.overview",
)
FOR_MACHINES = ("health.alive", "health.ready")
"""Endpoints that ask for nothing but their answer."""
NEEDED = "Your role needs a second factor. Set up another one before you remove this one."
LATER = "Your role needs a second factor. Set one up first."


def init_required(app: Flask) -> None:
    """Lead users without a second factor that their role needs to the page where they set one up."""
    app.extensions.setdefault(OPEN, set()).update(ALWAYS_OPEN)
    app.before_request(lead_to_set_up)
    app.jinja_env.globals["must_set_up"] = must_set_up


def open_without_factor(app: Flask, *endpoints: str) -> None:
    """Let users who still have to set up a second factor use these endpoints."""
    app.extensions.setdefault(OPEN, set()).update(endpoints)


def is_required(user: User) -> bool:
    """Whether the role of a user needs a second factor."""
    settings: Settings = current_app.extensions["settings"]
    least = settings.second_factor
    return least != NO_ROLE and user.role.rank >= Role(least).rank


def must_set_up() -> bool:
    """Whether the page of this request is for a user who has to set up a second factor before all else."""
    return bool(g.get("must_set_up"))


def lead_to_set_up() -> ResponseReturnValue | None:
    """Answer a request of a user without the second factor that their role needs; None for all others.

    The text typed into a form is stored as a draft.
    """
    settings: Settings = current_app.extensions["settings"]
    if settings.second_factor == NO_ROLE or request.endpoint in (None, *FOR_MACHINES):
        return None
    if not current_user.is_authenticated:
        return None
    user = current_user._get_current_object()
    g.must_set_up = is_required(user) and not has_second_factor(user)
    if not g.must_set_up or request.endpoint in current_app.extensions[OPEN]:
        return None
    if is_script():
        abort(403, LATER)
    return redirect_to(url_for("second_factor.overview", next=page_with_draft()))
