"""Where users start: after logging in, at ``/``, and by the link with the name of the console.

It is a list unless they choose something else: a place of the navigation, or a saved view. Only what is known
can be chosen, never an address.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from flask import current_app, flash, session, url_for
from flask_login import current_user

START = "products.index_view"
"""The endpoint where users start who have chosen nothing."""
STARTS = "starts"
"""The key of an application's `Starts` among its extensions."""
GONE = (
    "Your home after logging in no longer exists, or is no longer shared with you or allowed. Choose another "
    "in your profile."
)
NOT_THERE = "This no longer exists, or is no longer open to you. Choose something else."
TOLD = "told_of_start"
"""The key of the browser's session that says that its user was told so."""


class Starts(Protocol):
    """The starts that users can choose; a choice is a short text, which is empty where there is none."""

    def options(self, user: Any) -> Sequence[tuple[str, str]]:
        """The choices of a user, each with its label."""

    def chosen(self, user: Any) -> str:
        """The choice of a user; empty also where it cannot be opened."""

    def address_of(self, user: Any) -> str | None:
        """The address of the choice of a user, which is empty where there is none; None where it is gone."""

    def choose(self, user: Any, choice: str) -> None:
        """Store the choice of a user; raises Refusal where it cannot be opened. The caller commits."""


def starts() -> Starts:
    """The choices of the current application."""
    found: Starts = current_app.extensions[STARTS]
    return found


def usual_or_chosen() -> str:
    """Return where the current user starts, without a word about a choice that is gone."""
    return starts().address_of(current_user) or url_for(START)


def start_address(*, forgets: bool = False) -> str:
    """Return where the current user starts; where their choice is gone, tell them so once in a session.

    A request that `forgets` a choice that is gone commits.
    """
    address, is_told = starts().address_of(current_user), TOLD in session
    if address is None and not is_told:
        session[TOLD] = True
        flash(GONE, "warning")
    elif address is not None and is_told:
        session.pop(TOLD)
    if address is None and forgets:
        starts().choose(current_user, "")
    return address or url_for(START)


def front_address() -> str:
    """Return the address that ``/`` leads to: where the current user starts, or the login page."""
    return start_address() if current_user.is_authenticated else url_for("login.login")
