"""Accepting an invitation."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from dashboard.accounts.entering import REGISTERED, enter
from dashboard.accounts.invitations.flows import accept
from dashboard.accounts.invitations.forms import AcceptForm
from dashboard.accounts.link_addresses import PATHS
from dashboard.accounts.one_time_links import LASTS, PARAMETER, OneTimeLink, Purpose, find_link
from dashboard.accounts.password_policy import minimum_length
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.words import length_words

DEAD = (
    "It may have been used already, replaced by a newer one, or be more than "
    f"{length_words(LASTS[Purpose.INVITATION])} old. If you have already "
    "chosen a password, log in. Otherwise ask the person who invited you for a new link."
)

bp = Blueprint("invitations", __name__)


@bp.route(PATHS[Purpose.INVITATION], methods=["GET", "POST"])
def join() -> ResponseReturnValue:
    """Let an invited user choose a name and a password, and log them in."""
    token = request.args.get(PARAMETER, "")
    link = find_link(token, Purpose.INVITATION)
    if link is None:
        return dead_link()
    form = AcceptForm(data={"name": link.user.name})
    form.user = link.user
    email = link.user.email
    answer = _joined(link, token, form) if form.validate_on_submit() else None
    return answer or render_template(
        "accounts/invitations/join.html", form=form, email=email, password_min_length=minimum_length()
    )


def _joined(link: OneTimeLink, token: str, form: AcceptForm) -> ResponseReturnValue | None:
    """Accept the invitation; None where the name is refused, which the form then says."""
    try:
        user = accept(link, token, form.password.data, name=form.name.data or "")
    except Refusal as refusal:
        db.session.rollback()
        form.name.errors = [str(refusal)]
        return None
    if user is None:
        return dead_link()
    return enter(user, event=None, message=REGISTERED)


def dead_link() -> ResponseReturnValue:
    """Answer a link that does not work: unknown, used and expired ones alike."""
    return error_page(404, DEAD, "This invitation link doesn't work", way=("Log in", url_for("login.login")))
