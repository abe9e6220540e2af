"""Requests of users who are logged out: they lead to the login page, and form texts are stored."""

from __future__ import annotations

from pathlib import PurePosixPath

from flask import Blueprint, current_app, flash, g, request, session
from flask.typing import ResponseReturnValue
from flask_login import login_required, login_url
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from dashboard.accounts import drafts
from dashboard.accounts.flows import LoggedOut
from dashboard.accounts.models import User, UserSession
from dashboard.accounts.tokens import hash_token
from dashboard.database.locks import for_writing
from dashboard.database.transactions import begin_write
from dashboard.extensions import db, login_manager
from dashboard.web.addresses import carried
from dashboard.web.forms import holds_typed, without_secrets
from dashboard.web.returning import redirect_to

LOG_IN_AGAIN = "You were logged out. Log in to get your changes back."


def init_logged_out() -> None:
    """Let Flask-Login send users who are logged out to the login page."""
    login_manager.unauthorized_handler(ask_to_log_in)


def only_logged_in(bp: Blueprint) -> None:
    """Open the pages of a blueprint to users who are logged in; others are led to the login page.

    So are users whose session ends while a request is answered.
    """
    bp.before_request(login_required(lambda: None))
    bp.register_error_handler(LoggedOut, _undo_and_ask)


def _undo_and_ask(_error: LoggedOut) -> ResponseReturnValue:
    db.session.rollback()
    return login_manager.unauthorized()  # type: ignore[no-any-return]


def ask_to_log_in() -> Response:
    """Redirect to the login page, from there back to the requested page, with the text typed into its form.

    An address that only accepts a POST is not a page; its form is on the nearest page above it.
    """
    page = page_at_or_above(request.path)
    key = _store_typed(page)
    if key:
        flash(LOG_IN_AGAIN, "warning")
    return redirect_to(login_url("login.login", way_back(page, key)))


def way_back(page: str, draft: int | None) -> str:
    """Return the address, for ``next``, of a page at or above that of the request, showing a draft if any."""
    ways = (carried(f"{page}?{query}".rstrip("?")) for query in _queries_back(page, draft))
    return next(filter(None, ways), page)


def _queries_back(page: str, draft: int | None) -> list[str]:
    """Return the queries for coming back to `page`, the best first: a long one may not fit into `next`."""
    is_page, asked = page == request.path, request.query_string.decode()
    if draft is None:
        return [asked, ""] if is_page else [""]
    about = drafts.query_of_form(request.args) if is_page else ""
    return [*(f"{drafts.PARAMETER}={draft}&{query}".rstrip("&") for query in (asked, about)), ""]


def _store_typed(page: str) -> int | None:
    """Store the form of a session that has expired as a draft of its user, and return the id of the draft.

    Store nothing and return None where a user ended the session, the account is not active, or the CSRF
    token is invalid. A copy of a dead cookie can still get a token, but the text sent with it is only shown
    to the owner of the account, unsaved.
    """
    fields, token = without_secrets(request.form), session.get("_user_id")
    if not (token and g.get("csrf_valid") and holds_typed(fields)):
        return None
    begin_write(db.session)
    its = select(UserSession.user_id).where(UserSession.token_hash == hash_token(str(token)))
    owner = select(User).where(User.id.in_(its), User.active.is_(True))
    user: User | None = db.session.scalar(for_writing(owner, User.id))
    address = drafts.address_of_form(page, request.args if page == request.path else MultiDict())
    key = drafts.store(user, address, fields) if user else None
    db.session.commit()
    return key


def page_at_or_above(path: str) -> str:
    """Return `path` if a GET can open it, else the nearest such address above it, else the root."""
    pages = current_app.create_url_adapter(request)
    above = [form for parent in PurePosixPath(path).parents[:-1] for form in (f"{parent}/", str(parent))]
    return next((each for each in (path, *above) if pages and pages.test(each, "GET")), "/")
