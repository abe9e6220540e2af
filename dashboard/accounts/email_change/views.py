"""The pages on which a user changes their email."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.email_change.flows import ask_for_change, change_email
from dashboard.accounts.email_change.forms import NewEmailForm
from dashboard.accounts.logged_out import only_logged_in
from dashboard.accounts.one_time_links import LASTS, PARAMETER, OneTimeLink, Purpose, find_link
from dashboard.accounts.reauthentication.asking import needs_proof
from dashboard.accounts.sessions import current_session_id
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.mail.outbox import sends_mail
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to
from dashboard.words import length_words

DEAD = (
    "It may have been used already, replaced by a newer one, or be more than "
    f"{length_words(LASTS[Purpose.EMAIL])} old. It also stops working when you change your password, and "
    "works only for the user who asked for it."
)
ASKED = "A mail with a link is on its way to {}. Open it to change your email."

bp = Blueprint("email_change", __name__, url_prefix="/profile/email")
only_logged_in(bp)


@bp.get("")
def new_email() -> ResponseReturnValue:
    """Ask for a new email, or say whom to ask where no mail is sent."""
    return _page(NewEmailForm() if sends_mail() else None)


@bp.post("")
@needs_proof
def ask() -> ResponseReturnValue:
    """Send a link to a new email; nothing changes until it is opened."""
    form = NewEmailForm() if sends_mail() else None
    if form is None or not form.validate():
        return _page(form)
    try:
        address = ask_for_change(
            current_user._get_current_object(), form.email.data, session=current_session_id()
        )
    except Refusal as refusal:
        db.session.rollback()
        form.email.errors = [str(refusal)]
        return _page(form)
    db.session.commit()
    flash(ASKED.format(address), "success")
    return redirect_to(url_for("profile.profile"))


@bp.route("/confirm", methods=["GET", "POST"])
def confirm() -> ResponseReturnValue:
    """Ask on GET whether to change the email, and change it on POST."""
    token = request.args.get(PARAMETER, "")
    link = find_link(token, Purpose.EMAIL)
    # Only for the user who asked: a stranger with a mistyped address must not be able to take the account.
    if link is None or link.user_id != current_user.id:
        return dead_link()
    if request.method != "POST":  # HEAD asks as well
        return render_template("accounts/email_change/confirm.html", email=link.address)
    return _changed(link, token)


def _changed(link: OneTimeLink, token: str) -> ResponseReturnValue:
    if not change_email(link, token, session=current_session_id()):
        db.session.rollback()
        return dead_link()
    db.session.commit()
    flash("Email changed. Log in with the new one from now on.", "success")
    return redirect_to(url_for("profile.profile"))


def dead_link() -> ResponseReturnValue:
    """Answer a link that does not work: unknown, used and expired ones alike."""
    way = ("Back to your profile", url_for("profile.profile"))
    return error_page(404, DEAD, "This link doesn't work", way=way)


def _page(form: NewEmailForm | None) -> str:
    return render_template("accounts/email_change/new.html", form=form)
