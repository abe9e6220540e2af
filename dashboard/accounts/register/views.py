"""Registration."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.flows import no_accounts_yet, register_account
from dashboard.accounts.register.forms import RegisterForm
from dashboard.accounts.register.setup_link import may_set_up
from dashboard.accounts.sessions import log_in
from dashboard.config import Settings
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.web.returning import START, already_logged_in, redirect_to

bp = Blueprint("register", __name__)


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Create an account and log its user in, where registration is open to them."""
    if current_user.is_authenticated:
        return already_logged_in()
    settings = cast(Settings, current_app.extensions["settings"])
    if closed := why_closed(settings):
        return render_template("accounts/register/closed.html", mode=closed), 403
    form = RegisterForm()
    if form.validate_on_submit() and _register(form, settings):
        flash("Registered successfully.", "success")
        return redirect_to(url_for(START))
    return render_template(
        "accounts/register/register.html", form=form, password_min_length=settings.password_min_length
    )


def why_closed(settings: Settings) -> str | None:
    """Return why registration is not open: ``setup``, ``invite`` or ``closed``; None where it is."""
    if no_accounts_yet():
        return None if may_set_up(request.args.get("setup", "")) else "setup"
    return None if settings.registration == "open" else settings.registration


def _register(form: RegisterForm, settings: Settings) -> bool:
    default_role = Role(settings.default_role) if settings.registration == "open" else None
    try:
        user = register_account(form.email.data, form.password.data, default_role=default_role)
    except Refusal as error:
        db.session.rollback()
        form.email.errors = [*form.email.errors, str(error)]
        return False
    log_in(user)
    db.session.commit()
    return True
