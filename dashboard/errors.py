"""Error pages in plain words, with a reference for support; details are only in the log."""

from __future__ import annotations

import errno
from collections.abc import Sequence

from flask import Flask, current_app, g, got_request_exception, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_login import AnonymousUserMixin, current_user
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from werkzeug.exceptions import HTTPException

from dashboard.database.errors import Outage, outage_of
from dashboard.extensions import db
from dashboard.web.slots import Busy

RETRY_AFTER_SECONDS = 5

WORDS = {
    400: ("Bad request", "The request couldn't be understood. Go back and try again."),
    403: ("No permission", "Your role doesn't allow this. Ask an admin for access."),
    404: ("Not found", "This page doesn't exist. It may have been deleted or moved."),
    405: ("Method not allowed", "This address doesn't accept that kind of request."),
    409: ("Edit conflict", "Another user changed or deleted this at the same time. Nothing was saved."),
    413: ("Too large", "The request is larger than this page accepts. Send less at a time."),
    414: ("Address too long", "This address is longer than the console accepts. Use fewer filters."),
    429: ("Too many requests", "Wait a moment, then try again."),
    431: (
        "Request headers too large",
        "The browser sent too much data with its request. Delete this site's cookies and try again.",
    ),
    500: ("Server error", "Something went wrong on our side. Nothing was saved."),
    503: ("Busy", "The database is busy or can't be reached. Nothing was saved. Try again shortly."),
}
OUTAGES = {
    Outage.BUSY: ("Busy", "The database is busy. Nothing was saved. Try again shortly."),
    Outage.FULL: (
        "No space left",
        "The database's disk is full. Nothing was saved. You can still read everything. Tell an admin.",
    ),
    Outage.READ_ONLY: (
        "Read-only",
        "The database can't be changed right now. Nothing was saved. Tell an admin if this continues.",
    ),
    Outage.AWAY: (
        "Database unavailable",
        "The console can't reach its database. Nothing was saved. Tell an admin if this continues.",
    ),
    Outage.DAMAGED: ("Database damaged", "The database is damaged. Nothing was saved. Tell an admin now."),
    Outage.DISK: (
        "Disk error",
        "The database's disk has a fault. Nothing was saved. Tell an admin now.",
    ),
}

NO_SPACE = "The server has no space left for files. Nothing was saved. Tell an admin."
CROWDED = "Too many users are doing this right now. Nothing was saved. Try again shortly."


def init_errors(app: Flask) -> None:
    """Register a page for every error."""
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(StaleDataError, _edit_conflict)
    app.register_error_handler(ObjectDeletedError, _edit_conflict)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(OSError, _system_error)
    app.register_error_handler(Exception, _fault)


def http_error(error: HTTPException) -> ResponseReturnValue:
    """Return the page about an error that HTTP knows."""
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code < 400:  # a redirect that routing raised
        return error
    if code >= 500:  # the transaction may be unusable, and the page reads the current user
        db.session.rollback()
    own_words = error.description if error.description != type(error).description else None
    page = make_response(error_page(code, own_words))
    page.headers.extend(
        (name, value) for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")
    )
    return page


def _edit_conflict(_error: Exception) -> ResponseReturnValue:
    _forget_transaction()
    return error_page(409)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    """Answer 503 with Retry-After to an outage of the database, which is no fault of the code."""
    if isinstance(error, IntegrityError):  # a constraint refused what every check before it accepted
        current_app.logger.error("Request %s: refused by the database: %s", g.get("request_id"), error.orig)
        return _edit_conflict(error)
    outage = outage_of(error)
    if outage is None:
        return _fault(error)
    log_outage(outage, error)
    _forget_transaction()
    return _try_later(*OUTAGES[outage])


def log_outage(outage: Outage, error: DBAPIError) -> None:
    """Log in one line why the database is not usable."""
    words = " ".join(str(error.orig).split())  # PostgreSQL adds hints on separate lines
    current_app.logger.error(
        "Request %s: the database is not usable (%s): %s", g.get("request_id"), outage, words
    )


def _busy(_error: Busy) -> ResponseReturnValue:
    _forget_transaction()
    return _try_later("Busy", CROWDED)


def _try_later(title: str, message: str) -> ResponseReturnValue:
    page = make_response(error_page(503, message, title))
    page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return page


def _system_error(error: OSError) -> ResponseReturnValue:
    """Answer 503 where there is no space for temporary files, which is no fault of the code."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _fault(error)
    current_app.logger.error("Request %s: no space for temporary files: %s", g.get("request_id"), error)
    _forget_transaction()
    return _try_later("No space left", NO_SPACE)


def _fault(error: Exception) -> ResponseReturnValue:
    current_app.logger.exception("Request %s failed", g.get("request_id"), exc_info=error)
    # Flask sends this signal only for unhandled errors; error trackers depend on it.
    got_request_exception.send(current_app._get_current_object(), exception=error)  # type: ignore[attr-defined]
    _forget_transaction()
    return error_page(500)


def _forget_transaction() -> None:
    """Drop the unfinished transaction, and render the page without the account, which may be unreadable."""
    db.session.remove()
    g._login_user = AnonymousUserMixin()


def error_page(
    code: int,
    message: str | None = None,
    title: str | None = None,
    way: tuple[str, str] | None = None,
    typed: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    """Render the page of an error; `message` and `title` replace the default words of its code.

    `way` is the label and address of the link; `typed` are texts for copying, each after its label.
    """
    usual, words = WORDS.get(code, WORDS[400 if code < 500 else 500])
    logged_in = current_user.is_authenticated
    # After a fault it is not known whether the user is logged in; the root leads to the right page.
    start = "/" if logged_in or code >= 500 or request.path == "/" else "/login"
    label, address = way or ("Back to products" if logged_in else "Back to start page", start)
    page = render_template(
        "errors/error.html",
        code=code,
        title=title or usual,
        message=message or words,
        back_url=address,
        back_label=label,
        typed=typed,
        retry_after=RETRY_AFTER_SECONDS if code == 503 else None,
    )
    return page, code
