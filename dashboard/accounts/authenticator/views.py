"""The pages on which a user sets up an authenticator app, and removes it."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.authenticator.codes import address_of
from dashboard.accounts.authenticator.flows import (
    has_authenticator,
    propose_seed,
    proposed_seed,
    remove_own,
    set_up,
    why_needed,
)
from dashboard.accounts.authenticator.forms import SetUpForm
from dashboard.accounts.authenticator.pictures import qr_code
from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.asking import only_proved
from dashboard.accounts.sessions import current_session_id, renew_session
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.web.pages import BRAND
from dashboard.web.returning import redirect_to

WRONG = "This is not the code that your app shows now. Enter the newest one."
OUTDATED = "This page was out of date. Add the new key below to your app, then enter its code."

bp = Blueprint("authenticator", __name__, url_prefix="/profile/authenticator")
only_proved(bp)


@bp.route("", methods=["GET", "POST"])
def setting_up() -> ResponseReturnValue:
    """Show a new seed, and give the user an app once they enter its code."""
    form, user = SetUpForm(), current_user._get_current_object()
    if not form.is_submitted():
        return _page(form, *propose_seed(user))
    is_valid, sealed = form.validate(), form.sealed_seed.data or ""
    seed = proposed_seed(user, sealed)
    if seed is None:
        form.form_errors.append(OUTDATED)
        return _page(form, *propose_seed(user))
    if not is_valid:
        return _page(form, seed, sealed)
    if not set_up(user, seed, form.one_time_code.data, session=current_session_id()):
        form.one_time_code.errors = [WRONG]
        return _page(form, seed, sealed)
    return _added(user)


def _added(user: User) -> ResponseReturnValue:
    goal = request.args.get("next")
    renew_session(user)
    db.session.commit()
    flash("Authenticator app added. Your other sessions are logged out.", "success")
    return redirect_to(url_for("recovery_codes.recovery_codes", next=goal))


@bp.route("/remove", methods=["GET", "POST"])
def removing() -> ResponseReturnValue:
    """Ask on GET whether to remove the app, and remove it on POST."""
    user, back = current_user._get_current_object(), url_for("second_factor.overview")
    if not has_authenticator(user):
        return redirect_to(back)
    if request.method != "POST":  # HEAD asks as well
        return render_template("accounts/authenticator/remove.html", reason=why_needed(user), back=back)
    try:
        if remove_own(user, session=current_session_id()):
            renew_session(user)
            flash("Authenticator app removed. Your other sessions are logged out.", "success")
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    return redirect_to(back)


def _page(form: SetUpForm, seed: str, sealed: str) -> str:
    form.sealed_seed.data = sealed
    return render_template(
        "accounts/authenticator/set_up.html",
        form=form,
        picture=qr_code(address_of(seed, current_user.email, BRAND), "QR code for your authenticator app"),
        key=" ".join(seed[place : place + 4] for place in range(0, len(seed), 4)),
        back=url_for("second_factor.overview", next=request.args.get("next")),
        replaces=has_authenticator(current_user),
    )
