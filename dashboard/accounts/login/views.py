"""Logging in and out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.entering import enter
from dashboard.accounts.flows import authenticate
from dashboard.accounts.login.forms import LoginForm
from dashboard.accounts.passkeys.forms import LoginByPasskeyForm
from dashboard.accounts.passkeys.relying_party import our_party, why_not_here
from dashboard.accounts.sessions import IDLE, LIFETIME, log_out
from dashboard.accounts.single_sign_on.flows import identity_of
from dashboard.accounts.throttling import flows as throttling
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.web.recent import forget_opened
from dashboard.web.returning import already_logged_in, next_goal, redirect_to
from dashboard.web.security_headers import is_local_address

WRONG = "Invalid email or password"
NOT_ENDED = (
    "You are logged out in this browser. The session couldn't be ended on the server because the database "
    f"can't be changed right now. It will end after {IDLE // timedelta(hours=1)} hours without use, or "
    f"{LIFETIME.days} days after you logged in."
)


bp = Blueprint("login", __name__)
logout_bp = Blueprint("logout", __name__)


@bp.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Log a user in; the message of a failed login does not say whether email or password was wrong."""
    if current_user.is_authenticated:
        return already_logged_in()
    form = LoginForm()
    if not form.validate_on_submit():
        return login_page(form)
    email, address = form.email.data or "", request.remote_addr or ""
    try:
        user = throttling.counted_attempt(
            email, address, lambda: authenticate(email, form.password.data or "")
        )
    except throttling.TooManyAttempts as many:
        form.form_errors.append(too_many(many.wait))
        return login_page(form), STATUS, retry_after(many.wait)
    if user is None:
        form.form_errors.append(WRONG)
        return login_page(form)
    return enter(user, next_goal())


def login_page(form: LoginForm | None = None, errors: Sequence[str] = ()) -> str:
    """Return the login page, with errors; without a form, that of a login in another way."""
    form = form or LoginForm(None)
    form.form_errors += errors
    goal, reason = request.args.get("next", ""), why_not_here()
    return render_template(
        "accounts/login/login.html",
        form=form,
        passkey_form=None if reason else LoginByPasskeyForm(None),
        elsewhere=reason if our_party() else "",  # of a console that has passkeys, but not here
        next=goal if is_local_address(goal) else None,
    )


@logout_bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session on the server, and let the browser forget the pages and records that it showed."""
    provider = current_app.extensions["settings"].identity_provider
    is_connected = provider and current_user.is_authenticated and identity_of(current_user, provider)
    if log_out():
        flash("Logged out successfully.", "success")
    else:
        flash(NOT_ENDED, "error")
    # The user may still be logged in at the provider, so that the next person at this browser could log in.
    response = redirect_to(url_for("login.login", left=1) if is_connected else url_for("login.login"))
    forget_opened(response)
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
