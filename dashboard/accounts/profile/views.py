"""The profile of the current user: name, colour mode, zone, shortcuts, password and sessions."""

from __future__ import annotations

from flask import Blueprint, abort, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.flows import (
    begin_own_write,
    change_password,
    rename_account,
)
from dashboard.accounts.logged_out import only_logged_in
from dashboard.accounts.profile.forms import DetailsForm, PasswordForm
from dashboard.accounts.reauthentication.asking import ask_for_proof
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.security_log.recent import recent_logins
from dashboard.accounts.sessions import (
    current_session_id,
    end_session,
    end_sessions,
    renew_session,
    sessions_of,
)
from dashboard.accounts.throttling import flows as throttling
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.refusal import Refusal
from dashboard.web.choices import (
    chosen_numbers,
    chosen_zone,
    color_mode,
    density,
    remember_density,
    remember_mode,
    remember_numbers,
    remember_single_keys,
    remember_zone,
    single_keys,
)
from dashboard.web.opened import ON
from dashboard.web.returning import redirect_to
from dashboard.web.starts import starts

CHANGED = "Your {} {} changed to “{}” while this page was open. Save again to use yours."
PLURAL = ("density", "numbers")
"""The fields whose labels are plurals."""

bp = Blueprint("profile", __name__, url_prefix="/profile")
only_logged_in(bp)


@bp.get("")
def profile() -> ResponseReturnValue:
    """Show the profile."""
    return _page()


@bp.post("")
def save_details() -> ResponseReturnValue:
    """Save the name, the start, and how the console looks and works in this browser."""
    form = DetailsForm()
    if not form.validate():
        return _page(details=form)
    begin_own_write(current_user.id, current_session_id())
    if faults := _changed_elsewhere(form):
        return _refuse(form, faults, 409)
    try:
        rename_account(current_user, form.name.data)
        starts().choose(current_user, form.start.data)
    except Refusal as refusal:
        return _refuse(form, {refusal.field or "start": str(refusal)}, 200)
    db.session.commit()
    flash("Profile saved.", "success")
    response = redirect_to(url_for(".profile"))
    remember_mode(response, form.mode.data)
    remember_density(response, form.density.data)
    remember_single_keys(response, form.single_keys.data)
    remember_zone(response, form.zone.data or "")
    remember_numbers(response, form.numbers.data or "")
    return response


def _stored() -> dict[str, str]:
    """Return what the account and this browser hold of the details, as their form has it."""
    return {
        "name": current_user.name,
        "start": starts().chosen(current_user),
        "mode": color_mode(),
        "density": density(),
        "zone": chosen_zone(),
        "numbers": chosen_numbers(),
        "single_keys": ON if single_keys() else "",
    }


def _changed_elsewhere(form: DetailsForm) -> dict[str, str]:
    """Merge what was stored since the form was opened; return the errors by the field that both changed."""
    stored = _stored()
    both = form.merge_stored(stored)
    labels = {name: form[name].label.text.lower() for name in stored}
    return {
        name: CHANGED.format(label, "were" if name in PLURAL else "was", form.label_of(name, stored[name]))
        for name, label in labels.items()
        if label in both
    }


def _refuse(form: DetailsForm, faults: dict[str, str], status: int) -> ResponseReturnValue:
    db.session.rollback()
    for name, fault in faults.items():
        form[name].errors = [fault]
    return _page(details=form), status


@bp.post("/password")
def save_password() -> ResponseReturnValue:
    """Change the password; every other session ends, and this browser gets a new one."""
    user = current_user._get_current_object()
    has_password = bool(user.password_hash)
    if not (has_password or proof_is_fresh()):
        return ask_for_proof(back=url_for(".profile"))
    form = PasswordForm()
    email, address = user.email, request.remote_addr or ""
    if wait := throttling.attempt(email, address):  # or an open browser would be enough to guess it
        (form.current or form.password).errors = [too_many(wait)]  # the first one is asked for no current one
        return _page(password=form), STATUS, retry_after(wait)
    if not form.validate():
        if has_password and form.current.errors:
            begin_write(db.session)
            log_event(Event.WRONG_PASSWORD, user)
            db.session.commit()
        else:
            throttling.forgive(email, address)
        return _page(password=form)
    change_password(user, form.password.data, keep_session=current_session_id())
    renew_session(user, proved=True, restarted=True)
    throttling.succeed(user, address)
    db.session.commit()
    flash(
        f"Password {'changed' if has_password else 'chosen'}. Your other sessions are logged out.", "success"
    )
    return redirect_to(url_for(".profile"))


@bp.post("/sessions/<int(max=2147483647):session_id>/end")
def end_one(session_id: int) -> ResponseReturnValue:
    """End one session of the current user."""
    begin_own_write(current_user.id, current_session_id())
    if not end_session(current_user, session_id):
        abort(404)
    log_event(Event.SESSIONS_ENDED, current_user, number=1)
    db.session.commit()
    flash("Session ended.", "success")
    return redirect_to(url_for(".profile"))


@bp.post("/sessions/end-others")
def end_others() -> ResponseReturnValue:
    """End all sessions except this one, which is replaced: copies of its cookie are dead too."""
    user = current_user._get_current_object()
    begin_own_write(user.id, current_session_id())
    number = end_sessions(user, keep=current_session_id())
    renew_session(user)
    log_event(Event.SESSIONS_ENDED, user, number=number)
    db.session.commit()
    flash("All other sessions ended.", "success")
    return redirect_to(url_for(".profile"))


def _page(details: DetailsForm | None = None, password: PasswordForm | None = None) -> str:
    if details is None:
        stored = _stored()
        # This POST was for the other form; a GET may show a draft in this one.
        details = DetailsForm(None, data=stored) if request.method == "POST" else DetailsForm(data=stored)
        if not details.is_restored:
            details.remember_opened(stored)
    return render_template(
        "accounts/profile/profile.html",
        # Two forms share the page; only the one that was sent takes the posted fields.
        details_form=details,
        password_form=password or PasswordForm(None),
        sessions=sessions_of(current_user),
        logins=recent_logins(current_user),
        has_second_factor=has_second_factor(current_user),
    )
