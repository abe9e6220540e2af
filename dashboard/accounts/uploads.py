"""Uploads: forms whose file may be larger than other bodies, for those users who may send it.

Who sends one is known before anything of it is read; to everyone else such an address is like any other.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Request, abort, current_app, flash, request
from flask.typing import ResponseReturnValue
from flask_login import current_user, login_url
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from dashboard.accounts.second_factor.factors import has_second_factor
from dashboard.accounts.second_factor.required import LATER, is_required
from dashboard.accounts.typed import page_with
from dashboard.bounds import BODY_BYTES, UPLOAD_PARTS, UPLOAD_REST_BYTES
from dashboard.config import NO_ROLE
from dashboard.errors import http_error
from dashboard.web.forms import Draft, Fields
from dashboard.web.returning import redirect_to

View = TypeVar("View", bound=Callable[..., Any])
UPLOAD = "upload"
"""The attribute of a view function with its `Upload`."""
ALLOWS = "allows_upload"
"""The attribute of the function of an address that says whether the current user may call it."""
FORM = "multipart/form-data"
LOG_IN_AGAIN = "You were logged out, and nothing was uploaded. Log in and choose the file again."


class Upload:
    """The largest file, in bytes, that a form takes, and the most bytes of its texts.

    ``words`` say what the bound is, for the form of someone who sent more.
    """

    def __init__(self, most: Callable[[], int], texts: int, words: Callable[[], str]) -> None:
        self.most, self.texts, self.words = most, texts, words

    @property
    def body_bytes(self) -> int:
        """The largest body."""
        return max(self.most() + self.texts + UPLOAD_REST_BYTES, BODY_BYTES)


def takes_upload(upload: Upload) -> Callable[[View], View]:
    """Let a view function of a screen take an upload."""

    def mark(view: View) -> View:
        setattr(view, UPLOAD, upload)
        return view

    return mark


def upload_of(asked: Request) -> Upload | None:
    """The upload that the form at the address of a request takes; None for other addresses."""
    view = current_app.view_functions.get(asked.endpoint or "")
    found: Upload | None = getattr(view, UPLOAD, None) if asked.method == "POST" else None
    return found


def init_uploads(app: Flask) -> None:
    """Allow uploads, before anything reads the body of a request, and tell of those that are too large."""
    app.before_request(allow_upload)
    app.register_error_handler(RequestEntityTooLarge, show_form_again)


def allow_upload() -> ResponseReturnValue | None:
    """Raise the bounds of a request that may be an upload; answer one that its user may not send."""
    upload = upload_of(request)
    if upload is None or request.mimetype != FORM or (request.content_length or 0) <= BODY_BYTES:
        return None
    if not current_user.is_authenticated:
        flash(LOG_IN_AGAIN, "warning")
        return redirect_to(login_url("login.login", request.path))
    if not is_allowed():
        abort(403)
    if _lacks_factor():
        abort(403, LATER)
    request.max_content_length, request.max_form_parts = upload.body_bytes, UPLOAD_PARTS
    request.max_form_memory_size = max(upload.texts, BODY_BYTES)
    return None


def is_allowed() -> bool:
    """Whether the current user may send the form at the address of this request."""
    view = current_app.view_functions.get(request.endpoint or "")
    allows: Callable[[], bool] = getattr(view, ALLOWS, lambda: False)
    return bool(current_user.is_authenticated and current_user.active and allows())


def _lacks_factor() -> bool:
    if current_app.extensions["settings"].second_factor == NO_ROLE:
        return False
    user = current_user._get_current_object()
    return is_required(user) and not has_second_factor(user)


def show_form_again(error: RequestEntityTooLarge) -> ResponseReturnValue:
    """Answer 413 to an upload that is too large, with its form and the bound; nothing of it was read."""
    upload = upload_of(request)
    page = None
    if upload is not None and is_allowed():
        page = page_with(request.path, Draft(Fields(), problem=upload.words()))
    if page is None:
        return http_error(error)
    page.status_code = 413
    return page


def most_bytes(app: Flask) -> Callable[[dict[str, Any]], int]:
    """A function of a WSGI environment without a body: how many bytes of it a server has to store.

    It asks no database, for a server waits for its answer: the signature of the session has to do. Who has
    the session of a user who may send nothing is refused before the body is read.
    """

    def most(environ: dict[str, Any]) -> int:
        try:
            with app.request_context(environ):
                upload = upload_of(request)
                session = app.session_interface.open_session(app, request)
                is_one = upload and request.mimetype == FORM and session and "_user_id" in session
                return upload.body_bytes if upload and is_one else BODY_BYTES
        except (HTTPException, ValueError, KeyError):
            return BODY_BYTES

    return most
