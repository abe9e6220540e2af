"""A forgotten password, and choosing a new one."""

from __future__ import annotations

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.choosing import ChosenPasswordForm, choose_password
from dashboard.accounts.link_addresses import PATHS
from dashboard.accounts.one_time_links import LASTS, PARAMETER, Purpose, find_link
from dashboard.accounts.throttling import flows as throttling
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.web.returning import redirect_to
from dashboard.words import length_words

DEAD = (
    "It may have been used already, replaced by a newer one, or be more than "
    f"{length_words(LASTS[Purpose.RESET])} old. It also stops "
    "working when you log in. Ask an admin for a new link."
)

bp = Blueprint("resets", __name__)


@bp.route(PATHS[Purpose.RESET], methods=["GET", "POST"])
def reset() -> ResponseReturnValue:
    """Let the user of a reset link choose a password; without a token, say how to get a link.

    The user logs in with the new password afterwards (security line 66).
    """
    token = request.args.get(PARAMETER)
    if token is None:
        return render_template("accounts/resets/forgotten.html", lasts=length_words(LASTS[Purpose.RESET]))
    link = find_link(token, Purpose.RESET)
    if link is None:
        return dead_link()
    form = ChosenPasswordForm()
    form.user = link.user
    email = link.user.email
    if form.validate_on_submit():
        user = choose_password(link, token, form.password.data)
        if user is None:
            return dead_link()
        throttling.succeed(user, request.remote_addr or "")  # whoever guesses cannot keep the user out
        db.session.commit()
        flash("Password changed. Log in with your new password.", "success")
        return redirect_to(url_for("login.login"))
    minimum = current_app.extensions["settings"].password_min_length
    return render_template("accounts/resets/reset.html", form=form, email=email, password_min_length=minimum)


def dead_link() -> ResponseReturnValue:
    """Answer a link that does not work: unknown, used and expired ones alike."""
    return error_page(404, DEAD, "This reset link doesn't work", way=("Log in", url_for("login.login")))
