"""One's own profile: name, colour mode, shortcuts, password and sessions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from dashboard.accounts.flows import AccountError, SignedOut, begin_own_write, change_password
from dashboard.accounts.profile.forms import DetailsForm, PasswordForm
from dashboard.accounts.sessions import current_session_id, end_session, end_sessions, sessions_of
from dashboard.extensions import db, login_manager
from dashboard.web import color_mode, remember_mode, remember_single_keys, single_keys

bp = Blueprint("profile", __name__, url_prefix="/profile")


@bp.before_request
@login_required  # type: ignore[untyped-decorator]
def _only_signed_in() -> None:
    """Send anonymous people to sign in."""


@bp.errorhandler(SignedOut)
def _send_to_sign_in(_error: SignedOut) -> ResponseReturnValue:
    db.session.rollback()
    return login_manager.unauthorized()  # type: ignore[no-any-return]


@bp.get("")
def profile() -> ResponseReturnValue:
    """Show one's own profile."""
    return _page()


@bp.post("")
def save_details() -> ResponseReturnValue:
    """Save the name, the colour mode and whether single keys are shortcuts."""
    form = DetailsForm()
    if not form.validate():
        return _page(details=form)
    begin_own_write(current_user.id, current_session_id())
    try:
        current_user.name = form.new_name(current_user.name)
    except AccountError as refusal:
        db.session.rollback()
        form.name.errors = [*form.name.errors, str(refusal)]
        return _page(details=form), 409
    db.session.commit()
    flash("Profile saved.", "success")
    response = redirect(url_for(".profile"))
    remember_mode(response, form.mode.data)
    remember_single_keys(response, form.single_keys.data)
    return response


@bp.post("/password")
def save_password() -> ResponseReturnValue:
    """Change one's password; every other session ends."""
    form = PasswordForm()
    if not form.validate():
        return _page(password=form)
    try:
        change_password(current_user, form.password.data, keep_session=current_session_id())
    except AccountError as refusal:
        db.session.rollback()
        form.current.errors = [*form.current.errors, str(refusal)]
        return _page(password=form), 409
    db.session.commit()
    flash("Password changed. Your other sessions are signed out.", "success")
    return redirect(url_for(".profile"))


@bp.post("/sessions/<int(max=2147483647):session_id>/end")
def end_one(session_id: int) -> ResponseReturnValue:
    """End one of one's sessions."""
    begin_own_write(current_user.id, current_session_id())
    if not end_session(current_user, session_id):
        abort(404)
    db.session.commit()
    flash("Session ended.", "success")
    return redirect(url_for(".profile"))


@bp.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all of one's sessions but this one."""
    begin_own_write(current_user.id, current_session_id())
    end_sessions(current_user, keep=current_session_id())
    db.session.commit()
    flash("All other sessions ended.", "success")
    return redirect(url_for(".profile"))


def _page(details: DetailsForm | None = None, password: PasswordForm | None = None) -> str:
    kept = {
        "name": current_user.name,
        "opened": current_user.name,
        "mode": color_mode(),
        "single_keys": single_keys(),
    }
    return render_template(
        "accounts/profile/profile.html",
        # Two forms share the page; each takes the posted fields only where it was the one sent.
        details_form=details or DetailsForm(None, data=kept),
        password_form=password or PasswordForm(None),
        sessions=sessions_of(current_user),
    )
