"""Registration."""

from __future__ import annotations

from typing import cast

from flask import Blueprint, current_app, flash, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.accounts.asking import ask_for_mail
from dashboard.accounts.entering import REGISTERED, enter
from dashboard.accounts.flows import no_accounts_yet, register_account
from dashboard.accounts.letters import Post
from dashboard.accounts.link_addresses import REGISTRATION
from dashboard.accounts.models import User
from dashboard.accounts.one_time_links import PARAMETER
from dashboard.accounts.password_policy import minimum_length
from dashboard.accounts.register.by_mail import LASTS, finish_registration, registering_email
from dashboard.accounts.register.forms import FinishForm, RegisterByMailForm, RegisterForm
from dashboard.accounts.register.setup_link import may_set_up
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.throttling.answers import STATUS, retry_after, too_many_asked
from dashboard.config import Settings
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.permissions import Role
from dashboard.refusal import Refusal
from dashboard.web.returning import already_logged_in, redirect_to
from dashboard.words import length_words

DEAD = (
    f"It may have been used already, replaced by a newer one, or be more than {length_words(LASTS)} old. "
    "If you have already chosen a password, log in. Otherwise register again."
)

bp = Blueprint("register", __name__)


@bp.route("/register", methods=["GET", "POST"])
def register() -> ResponseReturnValue:
    """Create an account and log its user in, where registration is open to them."""
    if current_user.is_authenticated:
        return already_logged_in()
    settings = cast(Settings, current_app.extensions["settings"])
    if closed := why_closed(settings):
        return render_template("accounts/register/closed.html", mode=closed), 403
    if settings.mail and not no_accounts_yet():
        return _ask_by_mail()
    form = RegisterForm()
    answer = _registered(form, settings) if form.validate_on_submit() else None
    return answer or render_template(
        "accounts/register/register.html", form=form, password_min_length=minimum_length()
    )


def _ask_by_mail() -> ResponseReturnValue:
    """Send a link to the email that was typed; known and unknown ones get one answer (security line 16)."""
    form = RegisterByMailForm()
    wait = None
    if form.validate_on_submit():
        wait = ask_for_mail(Post.REGISTRATION, form.email.data, request.remote_addr or "")
        if wait is None:
            flash("Check your email to finish registering.", "success")
            return redirect_to(url_for("login.login"))
        form.email.errors = [too_many_asked(wait)]
    page = render_template("accounts/register/by_mail.html", form=form)
    return (page, STATUS, retry_after(wait)) if wait else page


@bp.route(REGISTRATION, methods=["GET", "POST"])
def finish() -> ResponseReturnValue:
    """Let the user of a link in a mail choose a password, and log them in."""
    settings = cast(Settings, current_app.extensions["settings"])
    token = request.args.get(PARAMETER, "")
    email = registering_email(token) if settings.registration == "open" else None
    if email is None:
        return dead_link()
    form = FinishForm()
    form.address = email
    if form.validate_on_submit():
        return _finished(token, form, settings)
    return render_template(
        "accounts/register/finish.html",
        form=form,
        email=email,
        password_min_length=minimum_length(),
    )


def _finished(token: str, form: FinishForm, settings: Settings) -> ResponseReturnValue:
    try:
        user = finish_registration(token, form.password.data, Role(settings.default_role))
    except Refusal:  # an admin has made the account in the meantime
        user = None
    if user is None:
        db.session.rollback()
        return dead_link()
    return enter(user, event=Event.REGISTERED, message=REGISTERED)


def dead_link() -> ResponseReturnValue:
    """Answer a link that does not work: unknown, used and expired ones alike."""
    return error_page(404, DEAD, "This link doesn't work", way=("Log in", url_for("login.login")))


def why_closed(settings: Settings) -> str | None:
    """Return why registration is not open: ``setup``, ``invite`` or ``closed``; None where it is."""
    if no_accounts_yet():
        return None if may_set_up(request.args.get("setup", "")) else "setup"
    return None if settings.registration == "open" else settings.registration


def _registered(form: RegisterForm, settings: Settings) -> ResponseReturnValue | None:
    """Create the account of a valid form, and log in; None where it is refused, which the form says."""
    default_role = Role(settings.default_role) if settings.registration == "open" else None
    try:
        user = register_account(form.email.data, form.password.data, default_role=default_role)
    except Refusal as error:
        db.session.rollback()
        form.email.errors = [*form.email.errors, str(error)]
        return None
    return enter(user, event=_event(user, settings), message=REGISTERED)


def _event(user: User, settings: Settings) -> Event:
    if user.role != Role.OWNER:  # which only the first one gets
        return Event.REGISTERED
    return Event.SETUP_LINK_USED if settings.needs_setup_link else Event.FIRST_OWNER
