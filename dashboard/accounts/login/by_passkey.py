"""Logging in with a passkey, without an email and a password."""

from __future__ import annotations

from flask import Blueprint, jsonify, request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.entering import let_in
from dashboard.accounts.login.views import login_page
from dashboard.accounts.passkeys.flows import NAME, log_in_by, owner_of
from dashboard.accounts.passkeys.forms import LoginByPasskeyForm
from dashboard.accounts.passkeys.options import login_options
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.accounts.throttling.flows import TooManyAttempts, counted_attempt
from dashboard.accounts.throttling.limits import Guess
from dashboard.web.returning import already_logged_in, next_address, next_goal, redirect_to

WRONG = "The passkey was not accepted. Try again, or use your password."

bp = Blueprint("passkey_login", __name__, url_prefix="/login/passkey")


@bp.post("")
def log_in() -> ResponseReturnValue:
    """Log in the user of a passkey; a refused one does not tell whether it or the account is known."""
    if current_user.is_authenticated:
        return already_logged_in()
    form = LoginByPasskeyForm()
    if not form.validate():
        return login_page(errors=[fault for faults in form.errors.values() for fault in faults])
    answer, address = form.passkey.answer, request.remote_addr or ""
    owner = owner_of(answer)
    try:
        user = counted_attempt(
            owner.email if owner else "", address, lambda: log_in_by(answer), Guess.PASSKEY
        )
    except TooManyAttempts as many:
        page = login_page(errors=[too_many(many.wait, Guess.PASSKEY)])
        return page, STATUS, retry_after(many.wait)
    if user is None:
        return login_page(errors=[WRONG])
    return let_in(user, next_goal(), factor=NAME)


@bp.get("")
def start_again() -> ResponseReturnValue:
    """Lead to the login page: whoever loads the page of a refused passkey again asks for this one."""
    return redirect_to(next_address("login.login"))


@bp.get("/options")
def options() -> ResponseReturnValue:
    """Return new options in JSON, for a login page that was open for so long that its own expire."""
    return jsonify(login_options())
