"""The pages of single sign-on: leaving for the provider, coming back, and disconnecting.

Whoever leaves follows a link, for browsers let no form of the console lead to another site. Leaving writes
nothing but the cookie of the browser.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import cast

from flask import Blueprint, current_app, flash, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.wrappers import Response as BaseResponse

from dashboard import clock
from dashboard.accounts.entering import enter
from dashboard.accounts.flows import LoggedOut, begin_own_write
from dashboard.accounts.models import User
from dashboard.accounts.reauthentication.asking import ask_for_proof, confirm_address
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.accounts.reauthentication.views import go_on, log_in_first
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_event
from dashboard.accounts.sessions import current_session_id
from dashboard.accounts.single_sign_on import begun as logins
from dashboard.accounts.single_sign_on.begun import Begun, Purpose
from dashboard.accounts.single_sign_on.claims import LEEWAY, Person, UntrustedError, read_person
from dashboard.accounts.single_sign_on.flows import (
    account_of,
    connect,
    disconnect,
    find_user,
    note_use,
)
from dashboard.accounts.single_sign_on.provider import MisconfiguredError, Provider, ProviderError
from dashboard.config import Settings
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.identity_provider import IdentityProvider, told
from dashboard.refusal import Refusal
from dashboard.web.choices import remember_browser_zone
from dashboard.web.returning import already_logged_in, leave_for, next_goal, next_or_start, redirect_to
from dashboard.web.security_headers import is_local_address
from dashboard.web.starts import front_address

PROVIDER = "identity_provider"
"""The key of `app.extensions` with the `Provider`, where the settings name one."""
MOST_CODE, MOST_STATE = 4096, 100  # characters
OVER = "This login took too long, was used already, or began in another browser. Try again."
REFUSED = "You have not logged in at {}."
UNREACHABLE = (
    "{} can't be reached right now, or doesn't answer as it should. Try again, or use your password."
)
SET_UP_WRONGLY = "Single sign-on is set up wrongly. Tell an admin, or use your password."
SETUP_ERRORS = ("unauthorized_client", "unsupported_response_type", "invalid_scope", "invalid_request")
"""Errors with which a provider sends a browser back that no user can cause or mend; RFC 6749, 4.1.2.1."""
STILL_THERE = "{} can't be reached right now. You may still be logged in there."
NOT_THIS_USER = "You have logged in at {} as another user, which proves nothing here."
NOT_AGAIN = "{} has not asked you again who you are, which it has to for this."

bp = Blueprint("single_sign_on", __name__, url_prefix="/login/sso")
log = logging.getLogger(__name__)


@bp.errorhandler(LoggedOut)
def _send_to_log_in(_error: LoggedOut) -> ResponseReturnValue:
    db.session.rollback()
    return log_in_first()


@bp.get("")
def leave() -> ResponseReturnValue:
    """Lead to the provider to log in."""
    if current_user.is_authenticated:
        return already_logged_in()
    return remember_browser_zone(_leave(Purpose.LOG_IN, next_goal()), request.args)


@bp.get("/confirm")
def prove() -> ResponseReturnValue:
    """Lead to the provider, where the current user proves again who they are."""
    if not current_user.is_authenticated:
        return log_in_first()
    return _leave(Purpose.PROVE, next_or_start())


@bp.get("/connect")
def begin_connecting() -> ResponseReturnValue:
    """Lead to the provider, where the current user connects their account."""
    profile = url_for("profile.profile")
    if not current_user.is_authenticated:
        return log_in_first()
    return _leave(Purpose.CONNECT, profile) if proof_is_fresh() else ask_for_proof(back=profile)


@bp.get("/callback")
def come_back() -> ResponseReturnValue:
    """Take the answer of the provider: log in, prove, or connect."""
    begun = logins.take(request.args.get("state", "")[:MOST_STATE])
    if begun is None:
        return _stay(REFUSED.format(_settings().name) if "error" in request.args else OVER)
    try:
        person = _person(begun)
        return ANSWERS[begun.purpose](begun, person)
    except Refusal as refusal:
        db.session.rollback()
        return _refused(begun, str(refusal))


@bp.post("/disconnect")
def end_connection() -> ResponseReturnValue:
    """Disconnect the account of the current user from the provider."""
    if not current_user.is_authenticated:
        return log_in_first()
    if not proof_is_fresh():
        return ask_for_proof(back=url_for("profile.profile"))
    user = current_user._get_current_object()
    begin_own_write(user.id, current_session_id())
    try:
        is_ended = disconnect(user, _settings())
    except Refusal as refusal:
        db.session.rollback()
        flash(str(refusal), "error")
        return redirect_to(url_for("profile.profile"))
    db.session.commit()
    if is_ended:
        flash(f"Your account is no longer connected with {_settings().name}.", "success")
    return redirect_to(url_for("profile.profile"))


@bp.get("/log-out")
def leave_to_log_out() -> ResponseReturnValue:
    """Lead to where the provider ends its own session."""
    try:
        address = _provider().logout_address(_own(url_for("login.login")))
    except ProviderError as error:
        _log_fault(error)
        flash(told(STILL_THERE, _settings()), "error")
        return redirect_to(url_for("login.login", left=1))  # where the link to try again is
    return leave_for(address) if address else redirect_to(url_for("login.login"))


def _leave(purpose: Purpose, goal: str) -> BaseResponse:
    begun = Begun.new(purpose, goal, current_session_id())
    again = purpose is not Purpose.LOG_IN
    try:
        address = _provider().login_address(
            back=_back(), state=logins.keep(begun), nonce=begun.nonce, verifier=begun.verifier, again=again
        )
    except ProviderError as error:
        _log_fault(error)
        flash(_why(error), "error")
        return _to_where_it_began(begun)
    return leave_for(address)


def _person(begun: Begun) -> Person:
    """Return who has logged in at the provider. Raises Refusal where nobody has, or it cannot be believed."""
    name, issuer = _settings().name, request.args.get("iss", _settings().issuer)
    code, error_code = request.args.get("code", ""), request.args.get("error")
    if error_code in SETUP_ERRORS:
        fault = MisconfiguredError(f"It sends browsers back with {error_code}.")
        _log_fault(fault)
        raise Refusal(_why(fault))
    if issuer != _settings().issuer or not 0 < len(code) <= MOST_CODE:  # RFC 9207
        raise Refusal(REFUSED.format(name))
    try:
        claims = _provider().claims(code=code, back=_back(), nonce=begun.nonce, verifier=begun.verifier)
        return read_person(claims, _settings().groups_claim)
    except (ProviderError, UntrustedError) as error:
        _log_fault(error)
        raise Refusal(_why(error)) from error


def _logged_in(begun: Begun, person: Person) -> ResponseReturnValue:
    if current_user.is_authenticated:
        return already_logged_in()
    begin_write(db.session)
    user = account_of(person, cast(Settings, current_app.extensions["settings"]))
    note_use(user, _settings())
    return enter(user, _goal(begun))


def _proved(begun: Begun, person: Person) -> ResponseReturnValue:
    user = _same_user(begun)
    found = find_user(person.subject, _settings())
    if found is None or found.id != user.id:
        raise Refusal(NOT_THIS_USER.format(_settings().name))
    _require_new_login(begun, person)
    return go_on(_goal(begun))


def _connected(begun: Begun, person: Person) -> ResponseReturnValue:
    user = _same_user(begun)
    if not proof_is_fresh():
        return ask_for_proof(back=url_for("profile.profile"))
    if person.logged_in_at is not None:  # some leave it out, and the proof is fresh
        _require_new_login(begun, person)
    begin_own_write(user.id, current_session_id())
    connect(user, person, _settings())
    db.session.commit()
    flash(f"Your account is connected with {_settings().name}.", "success")
    return redirect_to(url_for("profile.profile"))


ANSWERS = {Purpose.LOG_IN: _logged_in, Purpose.PROVE: _proved, Purpose.CONNECT: _connected}


def _same_user(begun: Begun) -> User:
    """Return the current user; raises LoggedOut if this is not the session in which it began."""
    if not current_user.is_authenticated or begun.session_id != current_session_id():
        raise LoggedOut
    return cast(User, current_user._get_current_object())


def _require_new_login(begun: Begun, person: Person) -> None:
    """Raise Refusal unless the person has logged in at the provider since this began (security line 57)."""
    moment, leeway = person.logged_in_at, timedelta(seconds=LEEWAY)
    # One in the future would be a proof for as long as it takes to come.
    if moment is None or not begun.at - leeway <= moment <= clock.now() + leeway:
        raise Refusal(told(NOT_AGAIN, _settings()))


def _refused(begun: Begun, why: str) -> ResponseReturnValue:
    """Say why nothing came of a login, on the page where it began."""
    if begun.purpose is Purpose.LOG_IN or not current_user.is_authenticated:
        begin_write(db.session)
        log_event(Event.LOGIN_FAILED, reason="refused after single sign-on")
        db.session.commit()
    flash(why, "error")
    return _to_where_it_began(begun)


def _to_where_it_began(begun: Begun) -> BaseResponse:
    """Lead to the page with the other ways, and from there on to the goal."""
    if begun.purpose is Purpose.LOG_IN or not current_user.is_authenticated:
        return redirect_to(url_for("login.login", next=_goal(begun) or url_for("web.root")))
    goal = _goal(begun) or url_for("web.root")
    return redirect_to(confirm_address(goal) if begun.purpose is Purpose.PROVE else goal)


def _stay(why: str) -> ResponseReturnValue:
    """Say why nothing came of a login of which nothing is known."""
    flash(why, "error")
    return redirect_to(front_address())


def _why(error: Exception) -> str:
    """Say to users why the provider cannot be used."""
    is_setup = isinstance(error, MisconfiguredError)
    return SET_UP_WRONGLY if is_setup else told(UNREACHABLE, _settings())


def _log_fault(error: Exception) -> None:
    log.warning("Single sign-on failed: %s", error)


def _goal(begun: Begun) -> str:
    return begun.goal if is_local_address(begun.goal) else ""


def _back() -> str:
    """Return the address to which the provider sends a browser back."""
    return _own(url_for("single_sign_on.come_back"))


def _own(path: str) -> str:
    """Return the whole address of a page: no request decides its host (security line 43)."""
    return f"{current_app.extensions['settings'].address}{path}"


def _provider() -> Provider:
    return cast(Provider, current_app.extensions[PROVIDER])


def _settings() -> IdentityProvider:
    return _provider().settings
