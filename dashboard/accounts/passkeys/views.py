"""The pages on which a user adds passkeys, renames them, and removes them."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.passkeys.flows import add, own_passkey, remove_own, rename_own, why_needed
from dashboard.accounts.passkeys.forms import AddForm, RenameForm
from dashboard.accounts.passkeys.models import NAME_LENGTH
from dashboard.accounts.reauthentication.asking import only_proved
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.security_log.origins import device
from dashboard.accounts.sessions import current_session_id, renew_session
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.web.returning import redirect_to

OVERVIEW = "second_factor.overview"
ADDED = "Passkey added. Your other sessions are logged out."
RENAMED = "Passkey renamed."
REMOVED = "Passkey removed. Your other sessions are logged out."

bp = Blueprint("passkeys", __name__, url_prefix="/profile/passkeys")
only_proved(bp)


@bp.route("/new", methods=["GET", "POST"])
def adding() -> ResponseReturnValue:
    """Let the user make a passkey on a device, and name it."""
    form = AddForm(data={"name": device(request.user_agent.string)[:NAME_LENGTH]})
    if not form.validate_on_submit():
        return _page(form)
    user, session_id = current_user._get_current_object(), current_session_id()
    had_factor = has_second_factor(user)
    try:
        add(user, form.passkey.answer, form.name.data, session=session_id)
    except Refusal as refusal:
        db.session.rollback()
        form.form_errors.append(str(refusal))
        return _page(form)
    renew_session(user)
    db.session.commit()
    flash(ADDED, "success")
    # The first factor comes with recovery codes, or its loss would lock its user out.
    following = OVERVIEW if had_factor else "recovery_codes.recovery_codes"
    return redirect_to(url_for(following, next=request.args.get("next")))


@bp.route("/<int(max=2147483647):key>/rename", methods=["GET", "POST"])
def renaming(key: int) -> ResponseReturnValue:
    """Let the user give one of their passkeys another name."""
    user, back = current_user._get_current_object(), url_for(OVERVIEW)
    row = own_passkey(user, key)
    if row is None:
        abort(404)
    form = RenameForm(data={"name": row.name})
    if not form.validate_on_submit():
        return render_template("accounts/passkeys/rename.html", form=form, passkey=row, back=back)
    if rename_own(user, key, form.name.data, session=current_session_id()):
        flash(RENAMED, "success")
    db.session.commit()
    return redirect_to(back)


@bp.route("/<int(max=2147483647):key>/remove", methods=["GET", "POST"])
def removing(key: int) -> ResponseReturnValue:
    """Ask on GET whether to remove a passkey of the current user, and remove it on POST."""
    user, back = current_user._get_current_object(), url_for(OVERVIEW)
    row = own_passkey(user, key)
    if row is None:
        abort(404)
    if request.method != "POST":  # HEAD asks as well
        reason = why_needed(user)
        return render_template("accounts/passkeys/remove.html", passkey=row, reason=reason, back=back)
    try:
        if remove_own(user, key, session=current_session_id()):
            renew_session(user)
            flash(REMOVED, "success")
        db.session.commit()
    except Refusal as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
    return redirect_to(back)


def _page(form: AddForm) -> str:
    return render_template(
        "accounts/passkeys/new.html", form=form, back=url_for(OVERVIEW, next=request.args.get("next"))
    )
