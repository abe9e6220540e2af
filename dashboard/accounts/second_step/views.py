"""The page that asks for the second factor after the password."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url
from flask_wtf import FlaskForm

from dashboard.accounts.begun_logins import beginner, end_begun
from dashboard.accounts.entering import BEGUN, let_in
from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.ways import Way, chosen_among, reasons_against, usable
from dashboard.accounts.second_factor.factors import second_ways
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.accounts.throttling.flows import TooManyAttempts, counted_attempt
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.web.returning import already_logged_in, next_address, next_goal, redirect_to

WAY = "way"
"""The parameter that names the factor that the user wants to prove."""
AGAIN = "Your login has expired. Log in again."

bp = Blueprint("second_step", __name__)


@bp.route("/login/factor", methods=["GET", "POST"])
def factor() -> ResponseReturnValue:
    """Let the user of a begun login prove a second factor, and log them in."""
    if current_user.is_authenticated:
        return already_logged_in(next_goal())
    user = begun_by()
    ways = second_ways(user) if user else []
    if user is None or not ways:
        return begin_again()
    way = chosen_among(ways, user, request.args.get(WAY)) or ways[0]
    if way.unusable(user):
        return _page(user, ways, way)
    form = way.form()
    if not form.validate_on_submit():
        return _page(user, ways, way, form)
    try:
        is_proved = counted_attempt(
            user.email, request.remote_addr or "", lambda: way.proves(user, form), way.guess
        )
    except TooManyAttempts as many:
        form.form_errors.append(too_many(many.wait, way.guess))
        return _page(user, ways, way, form), STATUS, retry_after(many.wait)
    if not is_proved:
        form.form_errors.append(way.wrong)
        return _page(user, ways, way, form)
    return finish(way)


def begun_by() -> User | None:
    """Return the user whose login was begun in this browser; None where there is none, or it has expired."""
    return beginner(str(session.get(BEGUN, "")))


def finish(way: Way) -> ResponseReturnValue:
    """Log in the user who proved a second factor in this request, and lead to what they asked for.

    Ways that end on a page of their own call it there.
    """
    goal = next_goal()
    begin_write(db.session)
    user = end_begun(str(session.get(BEGUN, "")))
    if user is None:
        db.session.rollback()
        return begin_again()
    return let_in(user, goal, factor=way.name)


def begin_again() -> ResponseReturnValue:
    """Lead to the login page, and from there to what the user asked for."""
    session.pop(BEGUN, None)
    flash(AGAIN, "warning")
    return redirect_to(login_url("login.login", next_address("web.root")))


def _page(user: User, ways: list[Way], way: Way, form: FlaskForm | None = None) -> str:
    return render_template(
        "accounts/second_step/factor.html",
        form=form,
        email=user.email,
        way=way,
        reasons=reasons_against(ways, user),
        others=[each for each in usable(ways, user) if each is not way],
        next=next_goal() or None,
    )
