"""Forms that cannot be saved are shown again with what was typed, at once or after logging in again.

A form whose CSRF token is not good is answered with its page, filled in, and nothing of it is stored. One
of a session that has ended is stored as a draft of its account, until it is saved or a day has passed.
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
    bring_draft,
    brought_draft,
    holds_typed,
    typed_texts,
    without_secrets,
)
from dashboard.web.returning import START, already_logged_in, next_address
from dashboard.web.security_headers import is_local_address

OUT_OF_DATE = "Form out of date"
INVALID = "This form is no longer valid, perhaps because you logged in or out in another tab."
SEND_AGAIN = f"{INVALID} Nothing was saved. Check what you typed and send it again."
DO_AGAIN = f"{INVALID} Nothing was saved. Open the page again and repeat what you did."
LOG_IN = "This form is no longer valid, because you are logged out. Nothing was saved. Log in and try again."
IS_BACK = "You were logged out before this was saved. What you typed is back, and is not saved yet."
WAITS = "You were logged out before what you typed here was saved."
DIGITS = 9  # of an id that PostgreSQL's integer can hold
FOR_STRANGERS = ("login.login", "register.register")


def init_typed(app: Flask) -> None:
    """Show again what was typed, into whichever form of `app`."""
    app.register_error_handler(CSRFError, show_again)
    app.before_request(bring_back)
    app.after_request(forget_saved)


def show_again(_error: CSRFError) -> ResponseReturnValue:
    """Answer 400 to a form whose token is not good, with the form itself where it has a page.

    A user who is logged in already and sent a form for logging in is led to where they wanted to go.
    """
    # Each form of the console sends some token, those of other sites send none.
    is_of_console = bool(request.form.get(TOKEN))
    if is_of_console and request.endpoint in FOR_STRANGERS and current_user.is_authenticated:
        return already_logged_in(next_address(START))
    page, fields = page_at_or_above(request.path), without_secrets(request.form)
    may_have_form = page == request.path or holds_typed(fields)
    return (_filled_page(page, fields) if may_have_form else None) or _plain_page(page)


def _filled_page(page: str, fields: Fields) -> Response | None:
    """The answer of a GET of `page`, its form filled in; None where it has no form that takes the fields."""
    draft = Draft(fields, problem=SEND_AGAIN)
    bring_draft(draft)
    opening = {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "", "CONTENT_TYPE": "", "wsgi.input": BytesIO()}
    as_it_is = {"HTTP_ACCEPT_ENCODING": "identity"}  # the answer to the POST is compressed
    with current_app.request_context({**request.environ, **opening, **as_it_is, "PATH_INFO": page}):
        answer = current_app.full_dispatch_request()
    if not draft.is_shown:
        return None
    # Also where the record of the form is gone: whatever else is wrong, the token is (line 39).
    answer.status_code = 400 if answer.status_code < 500 else answer.status_code
    return answer


def _plain_page(page: str) -> ResponseReturnValue:
    """Say what to do, lead back to the page of the form, and show its texts to be copied."""
    sent_from = request.form.get("next", "")
    asked = asked_address() if page == request.path else page
    back = sent_from if is_local_address(sent_from) else asked
    typed = typed_texts(request.form)
    if current_user.is_authenticated or request.endpoint in FOR_STRANGERS:
        return error_page(400, DO_AGAIN, OUT_OF_DATE, way=("Open the page again", back), typed=typed)
    return error_page(400, LOG_IN, OUT_OF_DATE, way=("Log in", login_url("login.login", back)), typed=typed)


def bring_back() -> None:
    """Let the form of a page show the draft that its address names, or a note that there is one."""
    is_named = drafts.PARAMETER in request.args
    if brought_draft() or request.method not in ("GET", "HEAD") or not request.endpoint:
        return
    if not (is_named or drafts.HAS_DRAFTS in session) or not current_user.is_authenticated:
        return
    address = drafts.address_of_form(request.path, request.args)
    draft = _named_draft(address) if is_named else _waiting_draft(address)
    if draft:
        bring_draft(draft)


def _named_draft(address: str) -> Draft | None:
    for key in _named():
        if fields := drafts.find(current_user.id, key, address):
            return Draft(fields, notice=IS_BACK, way=("Start over", _address()))
    return None


def _waiting_draft(address: str) -> Draft | None:
    """A note that this form has a draft, for a user whose address does not name it."""
    waiting = drafts.drafts_of(current_user.id)
    if not waiting:
        session.pop(drafts.HAS_DRAFTS)
    if address not in waiting:
        return None
    return Draft(MultiDict(), notice=WAITS, way=("Show what you typed", _address(waiting[address])))


def _address(key: int | None = None) -> str:
    """The address of this request, with this draft and no other."""
    named = [] if key is None else [(drafts.PARAMETER, str(key))]
    others = [pair for pair in request.args.items(multi=True) if pair[0] != drafts.PARAMETER]
    query = urlencode([*named, *others])
    return f"{request.script_root}{request.path}{'?' if query else ''}{query}"


def _named() -> list[int]:
    """The ids of the drafts that the address names, the latest first."""
    found = request.args.getlist(drafts.PARAMETER)[: drafts.PER_ACCOUNT]
    return [int(text) for text in found if len(text) <= DIGITS and text.isascii() and text.isdigit()]


def forget_saved(response: Response) -> Response:
    """Delete the drafts that the address names once their form is saved, which a redirect shows."""
    is_saved = request.method == "POST" and 300 <= response.status_code < 400 and not tells_error()
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
