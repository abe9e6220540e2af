"""Requests that need a fresh proof: they change nothing without it, and lead to a page that asks for one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

from flask import Blueprint, current_app, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException

from dashboard.accounts import drafts
from dashboard.accounts.flows import lock_account
from dashboard.accounts.logged_out import only_logged_in, page_at_or_above, way_back
from dashboard.accounts.reauthentication.proof import proof_is_fresh
from dashboard.database.transactions import begin_write
from dashboard.extensions import db
from dashboard.web.addresses import carried
from dashboard.web.forms import Fields, holds_typed, without_secrets
from dashboard.web.returning import redirect_to
from dashboard.web.security_headers import is_local_address

View = TypeVar("View", bound=Callable[..., Any])
CONFIRM = "reauthentication.confirm"
FIRST = "Confirm it's you, then try again. Nothing was changed."
READS = ("GET", "HEAD", "OPTIONS")
PROVED = "proved_blueprints"
"""The key of `app.extensions` with the names of the blueprints whose pages only a fresh proof opens."""
STATUS = 401
"""The status for scripts, which cannot show a page (RFC 9470)."""


def needs_proof(view: View) -> View:
    """Let a view function change something only for a user whose proof is fresh.

    It guards the functions of blueprints and of screens, where it stands below `route`, and actions. Without
    a fresh proof the answer is `ask_for_proof`; a request that only reads passes.
    """

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> ResponseReturnValue:
        if request.method in READS or proof_is_fresh():
            return view(*args, **kwargs)  # type: ignore[no-any-return]
        return ask_for_proof()

    return guarded  # type: ignore[return-value]


def only_proved(bp: Blueprint) -> None:
    """Open the pages of a blueprint to users with a fresh proof; others are asked for one, or to log in."""
    only_logged_in(bp)
    bp.before_request(lambda: None if proof_is_fresh() else ask_for_proof())
    bp.record_once(lambda state: state.app.extensions.setdefault(PROVED, set()).add(bp.name))


def opens_with_proof(address: str) -> bool:
    """Whether only a fresh proof opens the page at an address of the console."""
    pages = current_app.create_url_adapter(request)
    try:
        endpoint, _ = pages.match(urlsplit(address).path, "GET") if pages else ("", {})
    except HTTPException:
        return False
    return endpoint.rpartition(".")[0] in current_app.extensions.get(PROVED, ())


def ask_for_proof(*, back: str | None = None, keep: bool = False) -> ResponseReturnValue:
    """Undo what the request did, and lead to the page that asks for a proof, and from there back to its form.

    The text typed into a form is stored as a draft, which the form shows then. `back` is the page to lead
    to, where it is not that of the request. `keep` stores the form although it was sent to an address that is
    no page; the page above it has to show the draft, and leads back to the ``next`` of the request. Scripts
    are told in JSON.
    """
    db.session.rollback()
    if is_script():
        return jsonify(message=FIRST, confirm=confirm_address(back or page_at_or_above(request.path))), STATUS
    if back is not None:
        return redirect_to(confirm_address(back))
    back = page_with_draft(keep=keep)
    return redirect_to(confirm_address(_with_next(back) if keep else back))


def page_with_draft(*, keep: bool = False) -> str:
    """Return the address of the page of this request, showing the text typed into its form as a draft.

    `keep` is as in `ask_for_proof`. Commits where it stores a draft.
    """
    page, fields = page_at_or_above(request.path), without_secrets(request.form)
    keeps = request.method == "POST" and (keep or (page == request.path and holds_typed(fields)))
    return way_back(page, _store(page, fields) if keeps else None)


def confirm_address(back: str) -> str:
    """Return the address of the page that asks for a proof and then leads to `back`."""
    return url_for(CONFIRM, next=back)


def _with_next(back: str) -> str:
    """Return an address that carries the ``next`` of this request along, where it fits."""
    target, sign = request.values.get("next", ""), "&" if "?" in back else "?"
    longer = f"{back}{sign}next={quote(target, safe='')}"
    return (carried(longer) if is_local_address(target) else "") or back


def is_script() -> bool:
    """Whether this request was made by a script, which cannot show a page."""
    # A browser that opens a page says "navigate", or nothing if it is old.
    return request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"


def _store(page: str, fields: Fields) -> int | None:
    begin_write(db.session)
    user = lock_account(current_user.id)
    address = drafts.address_of_form(page, request.args if page == request.path else MultiDict())
    key = drafts.store(user, address, fields) if user else None
    db.session.commit()
    return key
