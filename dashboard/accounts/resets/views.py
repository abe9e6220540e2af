"""A forgotten password, and choosing a new one."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.asking import ask_for_mail
from dashboard.accounts.choosing import ChosenPasswordForm, choose_password
from dashboard.accounts.letters import Post
from dashboard.accounts.link_addresses import PATHS
from dashboard.accounts.one_time_links import LASTS, PARAMETER, Purpose, find_link
from dashboard.accounts.password_policy import minimum_length
from dashboard.accounts.resets.forms import ForgottenForm
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.throttling import flows as throttling
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many_asked
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.mail.outbox import sends_mail
from dashboard.web.returning import redirect_to
from dashboard.words import length_words

DEAD = (
    "It may have been used already, replaced by a newer one, or be more than "
    f"{length_words(LASTS[Purpose.RESET])} old. It also stops "
    "working when you log in. You can ask for a new link."
)

ASKED = "If there is an account with this email, a mail with a link is on its way. It may take some minutes."

bp = Blueprint("resets", __name__)


@bp.route("/password/forgot", methods=["GET", "POST"])
def forgotten() -> ResponseReturnValue:
    """Send a link to an email, or say whom to ask where no mail is sent.

    The answer says nothing about accounts, and a request does the same whatever was typed (security line 16):
    whether there is an account is looked up when the mail is sent.
    """
    form = ForgottenForm()
    wait = None
    if sends_mail() and form.validate_on_submit():
        wait = ask_for_mail(Post.RESET, form.email.data, request.remote_addr or "")
        if wait is None:
            flash(ASKED, "success")
            return redirect_to(url_for("login.login"))
        form.email.errors = [too_many_asked(wait)]
    page = render_template(
        "accounts/resets/forgotten.html",
        form=form if sends_mail() else None,
        lasts=length_words(LASTS[Purpose.RESET]),
    )
    return (page, STATUS, retry_after(wait)) if wait else page


@bp.route(PATHS[Purpose.RESET], methods=["GET", "POST"])
def reset() -> ResponseReturnValue:
    """Let the user of a reset link choose a password; without a token, lead to where links are asked for.

    The user logs in with the new password afterwards (security line 66).
    """
    token = request.args.get(PARAMETER)
    if token is None:
        return redirect_to(url_for(".forgotten"))
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
    minimum = minimum_length(with_factor=has_second_factor(form.user))
    return render_template("accounts/resets/reset.html", form=form, email=email, password_min_length=minimum)


def dead_link() -> ResponseReturnValue:
    """Answer a link that does not work: unknown, used and expired ones alike."""
    return error_page(404, DEAD, "This reset link doesn't work", way=("Log in", url_for("login.login")))
