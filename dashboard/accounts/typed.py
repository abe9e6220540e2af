"""What was typed is not lost: a form whose CSRF token is not good is answered with its page, filled in.

Nothing of it is stored.
"""

from __future__ import annotations

from io import BytesIO

from flask import Flask, Response, current_app, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url
from flask_wtf.csrf import CSRFError

from dashboard.accounts.sessions import page_at_or_above
from dashboard.errors import error_page
from dashboard.forms import TOKEN, Draft, bring_draft, typed_texts, without_secrets
from dashboard.security_headers import is_local_address
from dashboard.web import START, already_logged_in, next_address

INVALID = "This form is no longer valid, perhaps because you logged in or out in another tab."
SEND_AGAIN = f"{INVALID} Nothing was saved. Check what you typed and send it again."
DO_AGAIN = f"{INVALID} Nothing was saved. Open the page again and repeat what you did."
LOG_IN = "This form is no longer valid, because you are logged out. Nothing was saved. Log in and try again."
FOR_STRANGERS = ("login.login", "register.register")


def init_typed(app: Flask) -> None:
    """Show again what was typed, whichever form it was typed into."""
    app.register_error_handler(CSRFError, show_again)


def show_again(_error: CSRFError) -> ResponseReturnValue:
    """Answer 400 to a form whose token is not good, with the form itself where it has a page.

    A user who sent a form for logging in, and is logged in already, is led to where they wanted to go.
    """
    is_of_console = bool(request.form.get(TOKEN))  # what never had a token was not sent by one of our forms
    if is_of_console and request.endpoint in FOR_STRANGERS and current_user.is_authenticated:
        return already_logged_in(next_address(START))
    page = page_at_or_above(request.path)
    return (_filled_page() if page == request.path else None) or _plain_page(page)


def _filled_page() -> Response | None:
    """The page that a GET of this address opens, its form filled in; None where no form took that."""
    draft = Draft(without_secrets(request.form), problem=SEND_AGAIN)
    bring_draft(draft)
    opening = {"REQUEST_METHOD": "GET", "CONTENT_LENGTH": "", "CONTENT_TYPE": "", "wsgi.input": BytesIO()}
    as_it_is = {"HTTP_ACCEPT_ENCODING": "identity"}  # the answer to the POST is compressed
    with current_app.request_context({**request.environ, **opening, **as_it_is}):
        page = current_app.full_dispatch_request()
    if not draft.is_shown:
        return None
    page.status_code = max(page.status_code, 400)
    return page


def _plain_page(page: str) -> ResponseReturnValue:
    """Say what to do, and lead back to where the form stood; the texts of it are there to be copied."""
    query = f"?{request.query_string.decode()}" if page == request.path and request.query_string else ""
    sent_from = request.form.get("next", "")
    back = sent_from if is_local_address(sent_from) else page + query
    typed = typed_texts(request.form)
    if current_user.is_authenticated or request.endpoint in FOR_STRANGERS:
        return error_page(400, DO_AGAIN, way=("Open the page again", back), typed=typed)
    return error_page(400, LOG_IN, way=("Log in", login_url("login.login", back)), typed=typed)
