"""The page on which a user proves again who they are."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

from flask import Blueprint, flash, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url
from flask_wtf import FlaskForm

from dashboard.accounts import drafts
from dashboard.accounts.flows import LoggedOut
from dashboard.accounts.logged_out import LOG_IN_AGAIN
from dashboard.accounts.reauthentication.asking import opens_with_proof
from dashboard.accounts.reauthentication.flows import note_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.accounts.reauthentication.ways import (
    AnyWay,
    WayElsewhere,
    chosen_among,
    reasons_against,
    usable,
    ways_of,
    why_unusable,
)
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.accounts.throttling.flows import TooManyAttempts, counted_attempt
from dashboard.extensions import db
from dashboard.web.returning import next_address, next_or_start, redirect_to

WAY = "way"
"""The parameter that names the way in which the user wants to prove who they are."""
CONFIRMED = "Confirmed."
NOT_YET = f"{CONFIRMED} Nothing was changed or exported yet: repeat your last step."

bp = Blueprint("reauthentication", __name__)


@bp.errorhandler(LoggedOut)
def _send_to_log_in(_error: LoggedOut) -> ResponseReturnValue:
    db.session.rollback()
    return log_in_first()


@bp.route("/login/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Let the current user prove who they are, and lead back to what they were doing."""
    if not current_user.is_authenticated:
        return log_in_first()
    if proof_is_fresh():  # after Back, or in another tab
        return redirect_to(next_or_start())
    way = chosen_way()
    if way is None:
        return render_template("accounts/reauthentication/impossible.html")
    if isinstance(way, WayElsewhere) or why_unusable(way, current_user):
        return _page(way)
    form = way.form()
    if not form.validate_on_submit():
        return _page(way, form)
    user, address = current_user._get_current_object(), request.remote_addr or ""
    try:
        is_proved = counted_attempt(user.email, address, lambda: way.proves(user, form), way.guess)
    except TooManyAttempts as many:
        form.form_errors.append(too_many(many.wait, way.guess))
        return _page(way, form), STATUS, retry_after(many.wait)
    if not is_proved:
        form.form_errors.append(way.wrong)
        return _page(way, form)
    return go_on()


def go_on(goal: str = "") -> ResponseReturnValue:
    """Note that the current user proved who they are in this request, and lead back to what they were doing.

    Ways that end on a page of their own call it there, with the address to go on to. Raises LoggedOut where
    the session has ended.
    """
    destination = goal or next_or_start()
    note_proof(current_user._get_current_object(), request.remote_addr or "")
    db.session.commit()
    flash(CONFIRMED if opens_with_proof(destination) else NOT_YET, "success")
    return redirect_to(destination)


def chosen_way() -> AnyWay | None:
    """Return the way that the request names, or the best one; None where the user has no way."""
    return chosen_among(ways_of(current_user), current_user, request.args.get(WAY))


def log_in_first() -> ResponseReturnValue:
    """Lead to the login page, which is a proof as well, and from there back to what the user was doing."""
    back = next_address("web.root")
    if drafts.PARAMETER in parse_qs(urlsplit(back).query):
        flash(LOG_IN_AGAIN, "warning")
    return redirect_to(login_url("login.login", back))


def _page(way: AnyWay, form: FlaskForm | None = None) -> str:
    back, ways = next_or_start(), ways_of(current_user)
    return render_template(
        "accounts/reauthentication/confirm.html",
        form=form,
        way=way,
        reasons=reasons_against(ways, current_user),
        elsewhere=way.page(back) if isinstance(way, WayElsewhere) else None,
        others=[each for each in usable(ways, current_user) if each.name != way.name],
        back=back,
    )
