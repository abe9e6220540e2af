"""Shows forms that could not be saved again with the text typed into them, now or after the next login.

A form with an invalid CSRF token is answered with its page, filled in, and nothing of it is stored. The form
of a session that has expired is stored as a draft of its user, until it is saved or for a day.
"""

from __future__ import annotations

from io import BytesIO
from urllib.parse import urlencode

from flask import Flask, Response, current_app, request, session
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from dashboard.accounts import drafts
from dashboard.accounts.logged_out import page_at_or_above
from dashboard.accounts.reauthentication.asking import CONFIRM
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.accounts.security_log.events import Event
from dashboard.accounts.security_log.flows import log_refusal
from dashboard.database.errors import is_outage
from dashboard.database.transactions import begin_write
from dashboard.errors import error_page
from dashboard.extensions import db
from dashboard.web.addresses import asked_address
from dashboard.web.flashes import tells_error
from dashboard.web.forms import (
    TOKEN,
    Draft,
    Fields,
    holds_typed,
    provide_draft,
    provided_draft,
    typed_texts,
    without_secrets,
)
from dashboard.web.returning import already_logged_in, next_goal, next_or_start, redirect_to
from dashboard.web.security_headers import is_local_address

OUT_OF_DATE = "Form expired"
INVALID = "This form is no longer valid, perhaps because you logged in or out in another tab."
SEND_AGAIN = f"{INVALID} Nothing was saved. Check the form and send it again."
DO_AGAIN = f"{INVALID} Nothing was saved. Reopen the page and try again."
LOG_IN = "This form is no longer valid because you are logged out. Nothing was saved. Log in and try again."
IS_BACK = "Your changes are back, but not saved yet."
WAITS = "Your changes here are not saved yet."
DIGITS = 9  # of an id, so that it fits PostgreSQL's integer
FOR_ANONYMOUS = ("login.login", "register.register")


def init_typed(app: Flask) -> None:
    """Let every form of `app` be shown again with the text typed into it."""
    app.register_error_handler(CSRFError, show_again)
    app.before_request(show_draft)
    app.after_request(forget_saved)


def show_again(_error: CSRFError) -> ResponseReturnValue:
    """Answer 400 to a form with an invalid token, with the form itself where it has a page.

    A logged-in user who sent the login form is redirected to the page in ``next``, as is one who proved who
    they are in another tab.
    """
    log_refusal(Event.FORGERY_REFUSED, reason="invalid token")
    # Every form of the console sends some token; forms of other sites don't.
    is_of_console = bool(request.form.get(TOKEN))
    if is_of_console and request.endpoint in FOR_ANONYMOUS and current_user.is_authenticated:
        return already_logged_in(next_goal())
    if is_of_console and request.endpoint == CONFIRM and proof_is_fresh():
        return redirect_to(next_or_start())
    page, fields = page_at_or_above(request.path), without_secrets(request.form)
    may_have_form = page == request.path or holds_typed(fields)
    return (_filled_page(page, fields) if may_have_form else None) or _plain_page(page)


def _filled_page(page: str, fields: Fields) -> Response | None:
    """Return the answer to a GET of `page`, its form filled in; None where no form of it takes the fields."""
    answer = page_with(page, Draft(fields, problem=SEND_AGAIN))
    if answer is not None:
        # Also where the record of the form is gone: an invalid token is always 400 (line 39).
        answer.status_code = 400 if answer.status_code < 500 else answer.status_code
    return answer


def page_with(page: str, draft: Draft) -> Response | None:
    """Return the answer to a GET of `page` whose form shows `draft`; None where no form of it does."""
    provide_draft(draft)
    opening = {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "", "CONTENT_TYPE": "", "wsgi.input": BytesIO()}
    uncompressed = {"HTTP_ACCEPT_ENCODING": "identity"}  # the answer to the POST is compressed
    with current_app.request_context({**request.environ, **opening, **uncompressed, "PATH_INFO": page}):
        answer = current_app.full_dispatch_request()
    return answer if draft.is_shown else None


def _plain_page(page: str) -> ResponseReturnValue:
    """Return a page that says what to do, links to the page of the form, and shows its texts for copying."""
    sent_from = request.form.get("next", "")
    asked = asked_address() if page == request.path else page
    back = sent_from if is_local_address(sent_from) else asked
    typed = typed_texts(request.form)
    if current_user.is_authenticated or request.endpoint in FOR_ANONYMOUS:
        return error_page(400, DO_AGAIN, OUT_OF_DATE, way=("Reopen the page", back), typed=typed)
    return error_page(400, LOG_IN, OUT_OF_DATE, way=("Log in", login_url("login.login", back)), typed=typed)


def show_draft() -> None:
    """Let the form of a page show the draft named by its address, or a notice that there is a draft."""
    is_named = drafts.PARAMETER in request.args
    if provided_draft() or request.method not in ("GET", "HEAD") or not request.endpoint:
        return
    if not (is_named or drafts.HAS_DRAFTS in session) or not current_user.is_authenticated:
        return
    address = drafts.address_of_form(request.path, request.args)
    draft = _named_draft(address) if is_named else _waiting_draft(address)
    if draft:
        provide_draft(draft)


def _named_draft(address: str) -> Draft | None:
    for key in _named():
        if fields := drafts.find(current_user.id, key, address):
            return Draft(fields, notice=IS_BACK, way=("Start over", _address()))
    return None


def _waiting_draft(address: str) -> Draft | None:
    """Return a notice that this form has a draft, or None; for addresses that do not name a draft."""
    waiting = drafts.drafts_of(current_user.id)
    if not waiting:
        session.pop(drafts.HAS_DRAFTS)
    if address not in waiting:
        return None
    return Draft(MultiDict(), notice=WAITS, way=("Show unsaved changes", _address(waiting[address])))


def _address(key: int | None = None) -> str:
    """Return the address of this request with the draft `key`, or without a draft."""
    named = [] if key is None else [(drafts.PARAMETER, str(key))]
    others = [pair for pair in request.args.items(multi=True) if pair[0] != drafts.PARAMETER]
    query = urlencode([*named, *others])
    return f"{request.script_root}{request.path}{'?' if query else ''}{query}"


def _named() -> list[int]:
    """Return the ids of the drafts that the address names, the latest first."""
    found = request.args.getlist(drafts.PARAMETER)[: drafts.PER_ACCOUNT]
    return [int(text) for text in found if len(text) <= DIGITS and text.isascii() and text.isdigit()]


def forget_saved(response: Response) -> Response:
    """Delete the drafts that the address names if the form was saved, which a redirect shows."""
    is_saved = request.method == "POST" and response.status_code in (302, 303) and not tells_error()
    if not (is_saved and drafts.PARAMETER in request.args and current_user.is_authenticated):
        return response
    try:
        begin_write(db.session)
        drafts.discard(current_user.id, _named())
        db.session.commit()
    except DBAPIError as error:  # the form itself is saved already
        if not is_outage(error):
            raise
        db.session.rollback()
        current_app.logger.info("A saved draft could not be deleted and stays for a day: %s", error.orig)
    return response
