"""The profile of the current user: name, colour mode, shortcuts, password and sessions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_required

from dashboard.accounts.flows import (
    LoggedOut,
    begin_own_write,
    change_password,
    rename_account,
)
from dashboard.accounts.profile.forms import DetailsForm, PasswordForm
from dashboard.accounts.sessions import (
    current_session_id,
    end_session,
    end_sessions,
    renew_session,
    sessions_of,
)
from dashboard.accounts.throttling import flows as throttling
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.extensions import db, login_manager
from dashboard.refusal import Refusal
from dashboard.web.choices import color_mode, remember_mode, remember_single_keys, single_keys
from dashboard.web.returning import redirect_to

CHANGED = "Your name was changed to “{}” while this page was open. Save again to use yours."

bp = Blueprint("profile", __name__, url_prefix="/profile")


@bp.before_request
@login_required  # type: ignore[untyped-decorator]
def _only_logged_in() -> None:
    """Redirect users who are logged out to the login page."""


@bp.errorhandler(LoggedOut)
def _send_to_log_in(_error: LoggedOut) -> ResponseReturnValue:
    db.session.rollback()
    return login_manager.unauthorized()  # type: ignore[no-any-return]


@bp.get("")
def profile() -> ResponseReturnValue:
    """Show the profile."""
    return _page()


@bp.post("")
def save_details() -> ResponseReturnValue:
    """Save the name, the colour mode and whether there are single-key shortcuts."""
    form = DetailsForm()
    if not form.validate():
        return _page(details=form)
    begin_own_write(current_user.id, current_session_id())
    if form.merge_stored({"name": current_user.name}):
        return _refuse_name(form, CHANGED.format(current_user.name), 409)
    try:
        rename_account(current_user, form.name.data)
    except Refusal as refusal:
        return _refuse_name(form, str(refusal), 200)
    db.session.commit()
    flash("Profile saved.", "success")
    response = redirect_to(url_for(".profile"))
    remember_mode(response, form.mode.data)
    remember_single_keys(response, form.single_keys.data)
    return response


def _refuse_name(form: DetailsForm, fault: str, status: int) -> ResponseReturnValue:
    db.session.rollback()
    form.name.errors = [fault]
    return _page(details=form), status


@bp.post("/password")
def save_password() -> ResponseReturnValue:
    """Change the password; every other session ends, and this browser gets a new one."""
    form, user = PasswordForm(), current_user._get_current_object()
    email, address = user.email, request.remote_addr or ""
    if wait := throttling.attempt(email, address):  # or an open browser would be enough to guess it
        form.current.errors = [too_many(wait)]
        return _page(password=form), STATUS, retry_after(wait)
    if not form.validate():
        if not form.current.errors:
            throttling.forgive(email, address)
        return _page(password=form)
    change_password(user, form.password.data, keep_session=current_session_id())
    renew_session(user, proved=True)
    throttling.succeed(user, address)
    db.session.commit()
    flash("Password changed. Your other sessions are logged out.", "success")
    return redirect_to(url_for(".profile"))


@bp.post("/sessions/<int(max=2147483647):session_id>/end")
def end_one(session_id: int) -> ResponseReturnValue:
    """End one session of the current user."""
    begin_own_write(current_user.id, current_session_id())
    if not end_session(current_user, session_id):
        abort(404)
    db.session.commit()
    flash("Session ended.", "success")
    return redirect_to(url_for(".profile"))


@bp.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all sessions except this one, which is replaced: copies of its cookie are dead too."""
    user = current_user._get_current_object()
    begin_own_write(user.id, current_session_id())
    end_sessions(user, keep=current_session_id())
    renew_session(user)
    db.session.commit()
    flash("All other sessions ended.", "success")
    return redirect_to(url_for(".profile"))


def _page(details: DetailsForm | None = None, password: PasswordForm | None = None) -> str:
    if details is None:
        stored = {"name": current_user.name, "mode": color_mode(), "single_keys": single_keys()}
        # This POST was for the other form; a GET may show a draft in this one.
        details = DetailsForm(None, data=stored) if request.method == "POST" else DetailsForm(data=stored)
        if not details.is_restored:
            details.remember_opened({"name": current_user.name})
    return render_template(
        "accounts/profile/profile.html",
        # Two forms share the page; only the one that was sent takes the posted fields.
        details_form=details,
        password_form=password or PasswordForm(None),
        sessions=sessions_of(current_user),
    )
