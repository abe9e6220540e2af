"""Logging in and out."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.flows import authenticate
from dashboard.accounts.login.forms import LoginForm
from dashboard.accounts.sessions import IDLE, LIFETIME, log_in, log_out
from dashboard.accounts.throttling import flows as throttling
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.extensions import db
from dashboard.web.returning import START, already_logged_in, next_address, redirect_to

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
        return _page(form)
    email, address = form.email.data or "", request.remote_addr or ""
    if wait := throttling.attempt(email, address):
        form.form_errors.append(too_many(wait))
        return _page(form), STATUS, retry_after(wait)
    user = authenticate(email, form.password.data or "")
    if user is None:
        throttling.fail(email, address)
        form.form_errors.append(WRONG)
        return _page(form)
    destination = next_address(START)
    throttling.succeed(user, address)
    log_in(user)
    db.session.commit()
    flash("Logged in successfully.", "success")
    return redirect_to(destination)


def _page(form: LoginForm) -> str:
    return render_template("accounts/login/login.html", form=form, next=request.args.get("next"))


@logout_bp.post("/logout")
def logout() -> ResponseReturnValue:
    """End the session on the server, and let the browser clear its cache of pages."""
    if log_out():
        flash("Logged out successfully.", "success")
    else:
        flash(NOT_ENDED, "error")
    response = redirect_to(url_for("login.login"))
    response.headers["Clear-Site-Data"] = '"cache"'
    return response
