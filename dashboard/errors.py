"""Errors as pages in plain words, with a request id to quote; details go to the log only."""

from __future__ import annotations

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
    400: ("Bad request", "The request could not be understood. Go back and try again."),
    403: ("No permission", "Your role does not allow this. Ask an admin or an owner if you need it."),
    404: ("Not found", "There is nothing at this address. It may have been deleted or moved."),
    405: ("Not allowed this way", "This address does not take that kind of request."),
    409: ("Changed meanwhile", "Somebody else changed or deleted this at the same time. Nothing was saved."),
    413: ("Too large", "What was sent is larger than this page accepts. Send less at once."),
    414: ("Address too long", "This address is longer than the console accepts. Use fewer filters."),
    429: ("Too many requests", "Please wait a moment before trying again."),
    431: (
        "Too much sent along",
        "The browser sent too much with its request. Delete its cookies for this site.",
    ),
    500: ("Something went wrong", "This is our fault. It was noted; nothing half-done was saved."),
    503: ("Busy", "The database cannot be reached or is busy. Nothing was saved; please try again shortly."),
}
OUTAGES = {
    Outage.BUSY: ("Busy", "The database is busy. Nothing was saved; please try again shortly."),
    Outage.FULL: (
        "No space left",
        "The disk of the database is full. Nothing was saved. Tell an admin; you can still read everything.",
    ),
    Outage.READ_ONLY: (
        "Read-only",
        "The database cannot be changed at the moment. Nothing was saved. Tell an admin if this lasts.",
    ),
    Outage.AWAY: (
        "Database unavailable",
        "The console cannot reach its database. Nothing was saved. Tell an admin if this lasts.",
    ),
    Outage.DAMAGED: ("Database damaged", "The database is damaged. Nothing was saved. Tell an admin now."),
    Outage.DISK: (
        "Disk error",
        "The disk of the database does not work as it should. Nothing was saved. Tell an admin now.",
    ),
}

CROWDED = "Too many people are doing this at the moment. Nothing was saved; please try again shortly."


def init_errors(app: Flask) -> None:
    """Register a page for every error."""
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(StaleDataError, _changed_meanwhile)
    app.register_error_handler(ObjectDeletedError, _changed_meanwhile)
    app.register_error_handler(DBAPIError, _database_error)
    app.register_error_handler(Busy, _busy)
    app.register_error_handler(Exception, _fault)


def _http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    code = error.code or 500
    if code < 400:  # a redirect that routing raised
        return error
    if code >= 500:  # what failed may have left the transaction unusable, and the page reads who asks
        db.session.rollback()
    own_words = error.description if error.description != type(error).description else None
    page = make_response(error_page(code, own_words))
    page.headers.extend(
        (name, value) for name, value in error.get_headers() if name not in ("Content-Type", "Content-Length")
    )
    return page


def _changed_meanwhile(_error: Exception) -> ResponseReturnValue:
    _forget_transaction()
    return error_page(409)


def _database_error(error: DBAPIError) -> ResponseReturnValue:
    """Something the matter with the database is no fault of the code: 503, and when to come back."""
    if isinstance(error, IntegrityError):  # what a constraint caught that every check before it let pass
        current_app.logger.error("Request %s: refused by the database: %s", g.get("request_id"), error.orig)
        return _changed_meanwhile(error)
    outage = outage_of(error)
    if outage is None:
        return _fault(error)
    log_outage(outage, error)
    _forget_transaction()
    return _come_back_later(*OUTAGES[outage])


def log_outage(outage: Outage, error: DBAPIError) -> None:
    """Tell the operator in one line what is the matter with the database."""
    words = " ".join(str(error.orig).split())  # PostgreSQL gives advice on lines of its own
    current_app.logger.error(
        "Request %s: the database is not usable (%s): %s", g.get("request_id"), outage, words
    )


def _busy(_error: Busy) -> ResponseReturnValue:
    _forget_transaction()
    return _come_back_later("Busy", CROWDED)


def _come_back_later(title: str, message: str) -> ResponseReturnValue:
    page = make_response(error_page(503, message, title))
    page.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return page


def _fault(error: Exception) -> ResponseReturnValue:
    current_app.logger.exception("Request %s failed", g.get("request_id"), exc_info=error)
    # Flask sends this only for errors that nobody handles; error trackers live by it.
    got_request_exception.send(current_app._get_current_object(), exception=error)  # type: ignore[attr-defined]
    _forget_transaction()
    return error_page(500)


def _forget_transaction() -> None:
    """Drop the half-done transaction; the page then goes without the account, which may be unreadable."""
    db.session.remove()
    g._login_user = AnonymousUserMixin()


def error_page(
    code: int,
    message: str | None = None,
    title: str | None = None,
    way: tuple[str, str] | None = None,
    typed: Sequence[tuple[str, str]] = (),
) -> ResponseReturnValue:
    """Render the page of an error; `message` and `title` replace the words that stand for the code.

    `way` is the label and the address of the way on; `typed` are texts to copy, each after its label.
    """
    usual, words = WORDS.get(code, WORDS[400 if code < 500 else 500])
    logged_in = current_user.is_authenticated
    start = "/" if logged_in or code == 503 or request.path == "/" else "/login"
    label, address = way or ("Go to the products" if logged_in else "Go to the start", start)
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
